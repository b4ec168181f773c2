package io.kindling.backend.cpu;

import io.kindling.memory.OffHeap;
import io.kindling.tensor.HalfPrecision;

/**
 * Moves adjacent elements of float16 to and from arrays of float, with the results of {@link
 * HalfPrecision}. As in {@link Bfloat16Blocks}, two elements are one number each way; the change of
 * exponents is arithmetic on floats, which rounds and makes subnormal numbers as it should.
 */
final class Float16Blocks {
  /** By which a float16's fields, moved to a float32's places, are too small. */
  private static final float SCALE = 0x1p112f;

  private Float16Blocks() {}

  /** Reads {@code count} elements into an array from {@code at}. */
  static void load(long source, float[] to, int at, int count) {
    Operands operands = Operands.ofThread();
    long[] words = operands.words();
    int[] bits = operands.first();
    float[] values = operands.halves();
    for (int done = 0; done < count; done += Operands.LENGTH) {
      int some = Math.min(Operands.LENGTH, count - done);
      int pairs = some / 2;
      read(source + 2L * done, words, pairs);
      widen(words, Math.max(pairs, Operands.FEWEST));
      OffHeap.copyBits(words, bits, 0, 2 * pairs);
      OffHeap.copyBits(bits, 0, values, 0, 2 * pairs);
      scale(values, Math.max(2 * pairs, Operands.FEWEST));
      OffHeap.copyBits(values, 0, bits, 0, 2 * pairs);
      unbound(bits, Math.max(2 * pairs, Operands.FEWEST));
      OffHeap.copyBits(bits, 0, to, at + done, 2 * pairs);
    }
    if (count % 2 != 0) {
      long last = source + 2L * (count - 1);
      to[at + count - 1] = HalfPrecision.float16ToFloat(OffHeap.getShort(last));
    }
  }

  /** Writes {@code count} elements of an array from {@code at} on, rounded to even. */
  static void store(float[] from, int at, long target, int count) {
    Operands operands = Operands.ofThread();
    long[] words = operands.words();
    float[] sums = operands.halves();
    int[] bits = operands.first();
    int[] small = operands.second();
    int[] rounded = operands.third();
    for (int done = 0; done < count; done += Operands.LENGTH) {
      int some = Math.min(Operands.LENGTH, count - done);
      int pairs = some / 2;
      OffHeap.copyBits(from, at + done, bits, 0, 2 * pairs);
      System.arraycopy(from, at + done, sums, 0, 2 * pairs);
      align(sums, Math.max(2 * pairs, Operands.FEWEST));
      OffHeap.copyBits(sums, 0, small, 0, 2 * pairs);
      round(bits, rounded, Math.max(2 * pairs, Operands.FEWEST));
      choose(bits, small, rounded, Math.max(2 * pairs, Operands.FEWEST));
      OffHeap.copyBits(bits, 0, words, 2 * pairs);
      write(words, target + 2L * done, pairs);
    }
    if (count % 2 != 0) {
      long last = target + 2L * (count - 1);
      OffHeap.putShort(last, HalfPrecision.floatToFloat16(from[at + count - 1]));
    }
  }

  private static void read(long source, long[] words, int pairs) {
    for (int i = 0; i < pairs; i++) {
      words[i] = OffHeap.getInt(source + 4L * i);
    }
  }

  private static void write(long[] words, long target, int pairs) {
    for (int i = 0; i < pairs; i++) {
      OffHeap.putInt(target + 4L * i, (int) (words[i] | words[i] >>> 16));
    }
  }

  /** Moves the fields of two elements to their places in two floats. */
  private static void widen(long[] words, int count) {
    for (int i = 0; i < count; i++) {
      long word = (words[i] & 0xffff0000L) << 16 | words[i] & 0xffffL;
      words[i] = (word & 0x0000800000008000L) << 16 | (word & 0x00007fff00007fffL) << 13;
    }
  }

  private static void scale(float[] values, int count) {
    for (int i = 0; i < count; i++) {
      values[i] = values[i] * SCALE;
    }
  }

  /** From 2^16 on, which no float16 reaches, the number stands for infinity or NaN. */
  private static void unbound(int[] bits, int count) {
    for (int i = 0; i < count; i++) {
      int beyond = (0x477fffff - (bits[i] & 0x7fffffff)) >> 31;
      bits[i] = bits[i] | beyond & 0x7f800000;
    }
  }

  /** Adds so much to a subnormal float16's magnitude that its last bit is the float's. */
  private static void align(float[] values, int count) {
    for (int i = 0; i < count; i++) {
      values[i] = Math.abs(values[i]) + 0.5f;
    }
  }

  /** The magnitude of each number's float16, unless it is subnormal. */
  private static void round(int[] bits, int[] out, int count) {
    for (int i = 0; i < count; i++) {
      int magnitude = bits[i] & 0x7fffffff;
      int overflow = (0x477fefff - magnitude) >> 31;
      int nan = (0x7f800000 - magnitude) >> 31;
      int normal = magnitude + 0xfff + (magnitude >>> 13 & 1) - (112 << 23) >>> 13;
      int above = 0x7c00 | nan & (0x200 | magnitude >>> 13 & 0x3ff);
      out[i] = normal & ~overflow | above & overflow;
    }
  }

  /** Takes the aligned sum's last bits where a number is subnormal, and adds the signs. */
  private static void choose(int[] bits, int[] aligned, int[] rounded, int count) {
    for (int i = 0; i < count; i++) {
      int subnormal = ((bits[i] & 0x7fffffff) - 0x38800000) >> 31;
      int magnitude = rounded[i] & ~subnormal | aligned[i] - 0x3f000000 & subnormal;
      bits[i] = magnitude | bits[i] >>> 16 & 0x8000;
    }
  }
}
