package io.kindling.backend.cpu;

import io.kindling.memory.OffHeap;

/**
 * Moves adjacent booleans to and from arrays of int (as 0 and 1) and float, in 0.12 to 0.2 ns an
 * element. Any byte but 0 counts as true.
 *
 * <p>As in {@link Bfloat16Blocks}, two elements are one number each way: 16 bits in memory, 64 in
 * the arrays.
 */
final class BooleanBlocks {
  private static final long ONES = 0x0000000100000001L;

  private static final long MAGNITUDES = 0x7fffffff7fffffffL;

  private BooleanBlocks() {}

  static void load(long source, int[] to, int at, int count) {
    long[] words = Operands.ofThread().words();
    for (int done = 0; done < count; done += Operands.LENGTH) {
      int pairs = Math.min(Operands.LENGTH, count - done) / 2;
      read(source + done, words, pairs);
      widen(words, Math.max(pairs, Operands.FEWEST));
      OffHeap.copyBits(words, to, at + done, 2 * pairs);
    }
    if (count % 2 != 0) {
      to[at + count - 1] = isSet(source + count - 1);
    }
  }

  static void load(long source, float[] to, int at, int count) {
    long[] words = Operands.ofThread().words();
    for (int done = 0; done < count; done += Operands.LENGTH) {
      int pairs = Math.min(Operands.LENGTH, count - done) / 2;
      read(source + done, words, pairs);
      widenToFloats(words, Math.max(pairs, Operands.FEWEST));
      OffHeap.copyBits(words, to, at + done, 2 * pairs);
    }
    if (count % 2 != 0) {
      to[at + count - 1] = isSet(source + count - 1);
    }
  }

  /** Writes whether ints differ from 0. */
  static void store(int[] from, int at, long target, int count) {
    long[] words = Operands.ofThread().words();
    for (int done = 0; done < count; done += Operands.LENGTH) {
      int pairs = Math.min(Operands.LENGTH, count - done) / 2;
      OffHeap.copyBits(from, at + done, words, 2 * pairs);
      narrow(words, Math.max(pairs, Operands.FEWEST));
      write(words, target + done, pairs);
    }
    if (count % 2 != 0) {
      OffHeap.putByte(target + count - 1, isNotZero(from[at + count - 1]));
    }
  }

  /** Writes whether floats differ from 0, as NaN does. */
  static void store(float[] from, int at, long target, int count) {
    long[] words = Operands.ofThread().words();
    for (int done = 0; done < count; done += Operands.LENGTH) {
      int pairs = Math.min(Operands.LENGTH, count - done) / 2;
      OffHeap.copyBits(from, at + done, words, 2 * pairs);
      narrowFloats(words, Math.max(pairs, Operands.FEWEST));
      write(words, target + done, pairs);
    }
    if (count % 2 != 0) {
      OffHeap.putByte(target + count - 1, isNotZero(from[at + count - 1]));
    }
  }

  /** 1 if the byte at an address is not 0. */
  static int isSet(long address) {
    return (OffHeap.getByte(address) & 0xff) + 0xff >>> 8;
  }

  /** 1 if a number is not 0; without a branch. */
  static byte isNotZero(long value) {
    return (byte) ((value | -value) >>> 63);
  }

  static byte isNotZero(float value) {
    return isNotZero(Float.floatToRawIntBits(value) & 0x7fffffffL);
  }

  static byte isNotZero(double value) {
    return isNotZero(Double.doubleToRawLongBits(value) & Long.MAX_VALUE);
  }

  /** Makes the bytes of so many longs 0 or 1. */
  static void normalise(long[] bytes, int count) {
    for (int i = 0; i < count; i++) {
      long word = bytes[i];
      long notZero = (word & 0x7f7f7f7f7f7f7f7fL) + 0x7f7f7f7f7f7f7f7fL | word;
      bytes[i] = notZero >>> 7 & 0x0101010101010101L;
    }
  }

  private static void read(long source, long[] words, int pairs) {
    for (int i = 0; i < pairs; i++) {
      words[i] = OffHeap.getShort(source + 2L * i);
    }
  }

  private static void write(long[] words, long target, int pairs) {
    for (int i = 0; i < pairs; i++) {
      OffHeap.putShort(target + 2L * i, (short) words[i]);
    }
  }

  private static void widen(long[] words, int count) {
    for (int i = 0; i < count; i++) {
      long word = words[i];
      words[i] = ((word & 0xff00L) << 24 | word & 0xffL) + 0x000000ff000000ffL >>> 8 & ONES;
    }
  }

  private static void widenToFloats(long[] words, int count) {
    for (int i = 0; i < count; i++) {
      long word = words[i];
      long bits = ((word & 0xff00L) << 24 | word & 0xffL) + 0x000000ff000000ffL >>> 8 & ONES;
      words[i] = (bits << 30) - (bits << 23); // 0x3f800000, which is 1
    }
  }

  private static void narrow(long[] words, int count) {
    for (int i = 0; i < count; i++) {
      long word = words[i];
      // Below its sign a lane overflows into it if it is not 0.
      long bits = ((word & MAGNITUDES) + MAGNITUDES | word) >>> 31 & ONES;
      words[i] = bits | bits >>> 24;
    }
  }

  private static void narrowFloats(long[] words, int count) {
    for (int i = 0; i < count; i++) {
      long bits = (words[i] & MAGNITUDES) + MAGNITUDES >>> 31 & ONES;
      words[i] = bits | bits >>> 24;
    }
  }
}
