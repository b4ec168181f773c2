package io.kindling.backend.cpu;

import io.kindling.tensor.DType;

/**
 * The present block of each operand of a loop, in arrays of the type it calculates in: float, long,
 * double or, for the bits of float32, int. Each thread has one for itself, so a loop allocates
 * nothing.
 */
final class Operands {
  /** How many there are; a loop's inputs come first. */
  static final int COUNT = 5;

  /** How many elements of each fit. */
  static final int LENGTH = 2048;

  /**
   * Loops over floats go at least this many rounds, the last over whatever the arrays hold. The
   * compiler unrolls a loop by the average number of rounds that it saw, and one that saw mostly
   * single numbers it would leave four times as slow for all arrays to come.
   */
  static final int FEWEST = 8;

  private static final ThreadLocal<Operands> OF_THREAD = ThreadLocal.withInitial(Operands::new);

  private float[][] floats;
  private double[][] doubles;
  private long[][] longs;
  private int[][] ints;
  private long[] words;
  private long[] wide;
  private float[] between;
  private float[] passing;
  private float[] halves;
  private int[] first;
  private int[] second;
  private int[] third;

  private Operands() {}

  static Operands ofThread() {
    return OF_THREAD.get();
  }

  float[][] floats() {
    if (floats == null) {
      floats = new float[COUNT][LENGTH];
    }
    return floats;
  }

  double[][] doubles() {
    if (doubles == null) {
      doubles = new double[COUNT][LENGTH];
    }
    return doubles;
  }

  long[][] longs() {
    if (longs == null) {
      longs = new long[COUNT][LENGTH];
    }
    return longs;
  }

  int[][] ints() {
    if (ints == null) {
      ints = new int[COUNT][LENGTH];
    }
    return ints;
  }

  /** Work memory of conversions that take two elements to a long: half a block. */
  long[] words() {
    if (words == null) {
      words = new long[LENGTH / 2];
    }
    return words;
  }

  /** Work memory of {@link Blocks}: integers on their way to and from floating types. */
  long[] wide() {
    if (wide == null) {
      wide = new long[LENGTH];
    }
    return wide;
  }

  /** Work memory of {@link Blocks}: floats on their way to and from bits. */
  float[] passing() {
    if (passing == null) {
      passing = new float[LENGTH];
    }
    return passing;
  }

  /** Work memory of {@link Blocks}: numbers of 16 bits on their way to and from doubles. */
  float[] between() {
    if (between == null) {
      between = new float[LENGTH];
    }
    return between;
  }

  /** Work memory of {@link Float16Blocks}. */
  float[] halves() {
    if (halves == null) {
      halves = new float[LENGTH];
    }
    return halves;
  }

  /** Work memory of {@link Float16Blocks}. */
  int[] first() {
    if (first == null) {
      first = new int[LENGTH];
    }
    return first;
  }

  /** Work memory of {@link Float16Blocks}. */
  int[] third() {
    if (third == null) {
      third = new int[LENGTH];
    }
    return third;
  }

  /** Work memory of {@link Float16Blocks}. */
  int[] second() {
    if (second == null) {
      second = new int[LENGTH];
    }
    return second;
  }

  /**
   * Reads {@code count} elements, {@code stride} elements apart, into an operand from {@code at}.
   */
  void load(DType compute, int operand, DType from, long source, long stride, int at, int count) {
    switch (compute) {
      case FLOAT32 -> Blocks.load(from, source, stride, floats()[operand], at, count);
      case FLOAT64 -> Blocks.load(from, source, stride, doubles()[operand], at, count);
      case INT32 -> Blocks.load(from, source, stride, ints()[operand], at, count);
      default -> Blocks.load(from, source, stride, longs()[operand], at, count);
    }
  }

  /** Writes an operand's elements from {@code at} to memory, {@code stride} elements apart. */
  void store(DType compute, int operand, int at, DType to, long target, long stride, int count) {
    switch (compute) {
      case FLOAT32 -> Blocks.store(floats()[operand], at, to, target, stride, count);
      case FLOAT64 -> Blocks.store(doubles()[operand], at, to, target, stride, count);
      case INT32 -> Blocks.store(ints()[operand], at, to, target, stride, count);
      default -> Blocks.store(longs()[operand], at, to, target, stride, count);
    }
  }

  /** Repeats an operand's first {@code length} elements until there are {@code total}. */
  void repeat(DType compute, int operand, int length, int total) {
    switch (compute) {
      case FLOAT32 -> Blocks.repeat(floats()[operand], 0, length, total);
      case FLOAT64 -> Blocks.repeat(doubles()[operand], 0, length, total);
      case INT32 -> Blocks.repeat(ints()[operand], 0, length, total);
      default -> Blocks.repeat(longs()[operand], 0, length, total);
    }
  }
}
