package io.kindling.memory;

import java.lang.ref.Cleaner;

/**
 * Working memory of a kernel, outside the tensors' accounts: it lives as long as the object, so a
 * thread that keeps one in a thread-local gives it back when it ends.
 */
public final class Scratch {
  private static final Cleaner CLEANER = Cleaner.create();

  private final long address;

  public Scratch(long bytes) {
    long raw = OffHeap.allocate(bytes + 64);
    this.address = (raw + 63) & -64;
    CLEANER.register(this, () -> OffHeap.free(raw));
  }

  public long address() {
    return address;
  }
}
