package io.kindling.backend.cpu;

import static io.kindling.memory.OffHeap.getByte;
import static io.kindling.memory.OffHeap.getInt;
import static io.kindling.memory.OffHeap.getLong;
import static io.kindling.memory.OffHeap.getShort;
import static io.kindling.memory.OffHeap.putByte;
import static io.kindling.memory.OffHeap.putInt;
import static io.kindling.memory.OffHeap.putLong;
import static io.kindling.memory.OffHeap.putShort;

import io.kindling.memory.OffHeap;
import io.kindling.tensor.DType;

/**
 * Moves integers and booleans between strided memory and arrays of long: a loop a type, 0.3 ns an
 * element, where one loop that asks each element for its type took 3 to 10.
 */
final class IntegerBlocks {
  private IntegerBlocks() {}

  /** Reads {@code count} elements, {@code step} bytes apart, into an array from {@code at}. */
  static void load(DType from, long source, long step, long[] to, int at, int count) {
    long address = source - at * step;
    int end = at + count;
    switch (from) {
      case INT64 -> {
        if (step == Long.BYTES) {
          OffHeap.copyTo(source, to, at, count);
        } else {
          longs(address, step, to, at, end);
        }
      }
      case INT32 -> ints(address, step, to, at, end);
      case INT16 -> shorts(address, step, to, at, end);
      case INT8 -> bytes(address, step, to, at, end);
      case UINT8 -> unsignedBytes(address, step, to, at, end);
      case BOOL -> booleans(address, step, to, at, end);
      case FLOAT32, FLOAT64, FLOAT16, BFLOAT16 -> throw new AssertionError(from);
    }
  }

  /** Writes elements of an array from {@code at} on; integers keep their low bits. */
  static void store(long[] from, int at, DType to, long target, long step, int count) {
    long address = target - at * step;
    int end = at + count;
    switch (to) {
      case INT64 -> {
        if (step == Long.BYTES) {
          OffHeap.copyFrom(from, at, target, count);
        } else {
          putLongs(from, address, step, at, end);
        }
      }
      case INT32 -> putInts(from, address, step, at, end);
      case INT16 -> putShorts(from, address, step, at, end);
      case INT8, UINT8 -> putBytes(from, address, step, at, end);
      case BOOL -> {
        int quads = step == 1 ? count / 4 : 0;
        putFourBooleans(from, at, target, quads);
        putBooleans(from, address, step, at + 4 * quads, end);
      }
      case FLOAT32, FLOAT64, FLOAT16, BFLOAT16 -> throw new AssertionError(to);
    }
  }

  private static void longs(long address, long step, long[] to, int at, int end) {
    for (int i = at; i < end; i++) {
      to[i] = getLong(address + step * i);
    }
  }

  private static void ints(long address, long step, long[] to, int at, int end) {
    for (int i = at; i < end; i++) {
      to[i] = getInt(address + step * i);
    }
  }

  private static void shorts(long address, long step, long[] to, int at, int end) {
    for (int i = at; i < end; i++) {
      to[i] = getShort(address + step * i);
    }
  }

  private static void bytes(long address, long step, long[] to, int at, int end) {
    for (int i = at; i < end; i++) {
      to[i] = getByte(address + step * i);
    }
  }

  private static void unsignedBytes(long address, long step, long[] to, int at, int end) {
    for (int i = at; i < end; i++) {
      to[i] = getByte(address + step * i) & 0xff;
    }
  }

  private static void booleans(long address, long step, long[] to, int at, int end) {
    for (int i = at; i < end; i++) {
      to[i] = BooleanBlocks.isSet(address + step * i);
    }
  }

  private static void putLongs(long[] from, long address, long step, int at, int end) {
    for (int i = at; i < end; i++) {
      putLong(address + step * i, from[i]);
    }
  }

  private static void putInts(long[] from, long address, long step, int at, int end) {
    for (int i = at; i < end; i++) {
      putInt(address + step * i, (int) from[i]);
    }
  }

  private static void putShorts(long[] from, long address, long step, int at, int end) {
    for (int i = at; i < end; i++) {
      putShort(address + step * i, (short) from[i]);
    }
  }

  private static void putBytes(long[] from, long address, long step, int at, int end) {
    for (int i = at; i < end; i++) {
      putByte(address + step * i, (byte) from[i]);
    }
  }

  private static void putBooleans(long[] from, long address, long step, int at, int end) {
    for (int i = at; i < end; i++) {
      putByte(address + step * i, BooleanBlocks.isNotZero(from[i]));
    }
  }

  private static void putFourBooleans(long[] from, int at, long target, int quads) {
    for (int i = 0; i < quads; i++) {
      int next = at + 4 * i;
      int first = BooleanBlocks.isNotZero(from[next]);
      int second = BooleanBlocks.isNotZero(from[next + 1]) << 8;
      int third = BooleanBlocks.isNotZero(from[next + 2]) << 16;
      int fourth = BooleanBlocks.isNotZero(from[next + 3]) << 24;
      putInt(target + 4L * i, first | second | third | fourth);
    }
  }
}
