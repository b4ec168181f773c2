package io.kindling.backend.cpu.onednn;

import org.bytedeco.javacpp.Pointer;

/** A pointer that can be set again and again, so that a call makes no garbage. Not thread-safe. */
final class Address extends Pointer {
  Address at(long value) {
    address = value;
    return this;
  }
}
