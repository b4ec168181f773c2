package io.kindling.backend.cpu;

import static io.kindling.memory.OffHeap.getByte;
import static io.kindling.memory.OffHeap.getFloat;
import static io.kindling.memory.OffHeap.getInt;
import static io.kindling.memory.OffHeap.getLong;
import static io.kindling.memory.OffHeap.getShort;
import static io.kindling.memory.OffHeap.putByte;
import static io.kindling.memory.OffHeap.putFloat;
import static io.kindling.memory.OffHeap.putInt;
import static io.kindling.memory.OffHeap.putLong;
import static io.kindling.memory.OffHeap.putShort;

import io.kindling.memory.OffHeap;
import io.kindling.tensor.DType;

/**
 * Moves single elements between places, which are counted in elements from an address: a loop a
 * size, for a call or a choice of type for each element takes longer than moving it.
 */
final class Elements {
  private Elements() {}

  /** Copies element {@code sources[i]} of one memory to {@code targets[i]} of another. */
  static void copy(DType dtype, long from, long[] sources, long to, long[] targets, int count) {
    switch (dtype.bytes()) {
      case 1 -> bytes(from, sources, to, targets, count);
      case 2 -> shorts(from, sources, to, targets, count);
      case 4 -> ints(from, sources, to, targets, count);
      default -> longs(from, sources, to, targets, count);
    }
  }

  /** Adds element {@code sources[i]} of one memory to {@code targets[i]} of another, in order. */
  static void add(DType dtype, long from, long[] sources, long to, long[] targets, int count) {
    if (dtype == DType.FLOAT32) {
      addFloats(from, sources, to, targets, count);
      return;
    }
    int bytes = dtype.bytes();
    for (int i = 0; i < count; i++) {
      long source = from + bytes * sources[i];
      long target = to + bytes * targets[i];
      if (dtype.isFloatingPoint()) {
        dtype.writeDouble(target, dtype.readDouble(target) + dtype.readDouble(source));
      } else {
        dtype.writeLong(target, dtype.readLong(target) + dtype.readLong(source));
      }
    }
  }

  /** Adds so many adjacent elements of float32 to others. */
  static void addRow(long from, long to, long length) {
    float[][] arrays = Operands.ofThread().floats();
    for (long done = 0; done < length; done += Operands.LENGTH) {
      int some = (int) Math.min(Operands.LENGTH, length - done);
      OffHeap.copyTo(from + done * Float.BYTES, arrays[0], 0, some);
      OffHeap.copyTo(to + done * Float.BYTES, arrays[1], 0, some);
      addFloats(arrays[0], arrays[1], Math.max(some, Operands.FEWEST));
      OffHeap.copyFrom(arrays[1], 0, to + done * Float.BYTES, some);
    }
  }

  private static void addFloats(float[] from, float[] to, int count) {
    for (int i = 0; i < count; i++) {
      to[i] = to[i] + from[i];
    }
  }

  private static void bytes(long from, long[] sources, long to, long[] targets, int count) {
    for (int i = 0; i < count; i++) {
      putByte(to + targets[i], getByte(from + sources[i]));
    }
  }

  private static void shorts(long from, long[] sources, long to, long[] targets, int count) {
    for (int i = 0; i < count; i++) {
      putShort(to + 2 * targets[i], getShort(from + 2 * sources[i]));
    }
  }

  private static void ints(long from, long[] sources, long to, long[] targets, int count) {
    for (int i = 0; i < count; i++) {
      putInt(to + 4 * targets[i], getInt(from + 4 * sources[i]));
    }
  }

  private static void longs(long from, long[] sources, long to, long[] targets, int count) {
    for (int i = 0; i < count; i++) {
      putLong(to + 8 * targets[i], getLong(from + 8 * sources[i]));
    }
  }

  private static void addFloats(long from, long[] sources, long to, long[] targets, int count) {
    for (int i = 0; i < count; i++) {
      long target = to + 4 * targets[i];
      putFloat(target, getFloat(target) + getFloat(from + 4 * sources[i]));
    }
  }
}
