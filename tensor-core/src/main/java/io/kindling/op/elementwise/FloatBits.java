package io.kindling.op.elementwise;

/**
 * Choices between float32 numbers, made of their bits: a comparison of floats compiles to a branch,
 * these to vector instructions. A mask is all ones for yes and 0 for no. What takes more than some
 * twenty instructions an element is two loops, since the compiler gives up on longer ones.
 */
final class FloatBits {
  private static final int MAGNITUDE = 0x7fffffff;
  private static final int INFINITY = 0x7f800000;

  private FloatBits() {}

  /** The mask of NaN. */
  static int isNaN(int x) {
    return (INFINITY - (x & MAGNITUDE)) >> 31;
  }

  /** The mask of the two zeros. */
  static int isZero(int x) {
    return ((x & MAGNITUDE) - 1) >> 31;
  }

  /** The mask of both infinities. */
  static int isInfinite(int x) {
    return isZero((x & MAGNITUDE) ^ INFINITY);
  }

  /** An integer that compares as the number does; the same for both zeros. */
  static int key(int x) {
    int sign = x >> 31;
    return ((x & MAGNITUDE) ^ sign) - sign;
  }

  /** An integer that compares as the number does, -0 before 0. */
  static int order(int x) {
    return x ^ ((x >> 31) & MAGNITUDE);
  }

  /**
   * The mask of {@code a < b} of integers: the sign of their difference, turned where it
   * overflowed.
   */
  static int less(int a, int b) {
    int difference = a - b;
    return (difference ^ ((a ^ b) & (difference ^ a))) >> 31;
  }

  /** The first where the mask is set, else the second. */
  static int select(int mask, int a, int b) {
    return b ^ ((a ^ b) & mask);
  }

  /** The mask of {@code a == b} of integers. */
  static int equal(int a, int b) {
    return ~(((a ^ b) | -(a ^ b)) >> 31);
  }

  /** Makes masks 1 or 0: 0 where one of two numbers is NaN. */
  static void unlessNaN(int[] a, int[] b, int[] masks, int count) {
    for (int i = 0; i < count; i++) {
      int nan = (INFINITY - (a[i] & MAGNITUDE)) | (INFINITY - (b[i] & MAGNITUDE));
      masks[i] = (masks[i] & ~nan) >>> 31;
    }
  }

  /** Makes NaN of values beside NaN. */
  static void keepNaN(int[] a, int[] b, int[] values, int count) {
    for (int i = 0; i < count; i++) {
      values[i] = values[i] | (isNaN(a[i]) & a[i]) | (isNaN(b[i]) & b[i]);
    }
  }
}
