package io.kindling.op.elementwise;

/**
 * Choices between float32 numbers, made of their bits: a comparison of floats compiles to a branch,
 * these to vector instructions. A mask is all ones for yes and 0 for no.
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

  /** The mask of {@code a < b} of integers. */
  static int less(int a, int b) {
    return difference(a, b) >> 31;
  }

  /**
   * Half the difference of two integers, rounded down, which does not overflow and has its sign.
   * The other way to have it, to turn the sign where the difference overflowed, is a loop that the
   * compiler vectorises in some places and not in others.
   */
  private static int difference(int a, int b) {
    return (a >> 1) - (b >> 1) - (~a & b & 1);
  }

  /** The first where the mask is set, else the second. */
  static int select(int mask, int a, int b) {
    return b ^ ((a ^ b) & mask);
  }

  /** 1 if {@code a < b}, which NaN never is, else 0. */
  static int isLess(int a, int b) {
    return (difference(key(a), key(b)) & ~nan(a, b)) >>> 31;
  }

  /** 1 if {@code a <= b}, which NaN never is, else 0. */
  static int isAtMost(int a, int b) {
    return ~(difference(key(b), key(a)) | nan(a, b)) >>> 31;
  }

  /** 1 if {@code a != b}, which NaN always is and the two zeros are not, else 0. */
  static int differ(int a, int b) {
    int difference = key(a) ^ key(b);
    return (difference | -difference | nan(a, b)) >>> 31;
  }

  /** Negative if one of two numbers is NaN. */
  private static int nan(int a, int b) {
    return (INFINITY - (a & MAGNITUDE)) | (INFINITY - (b & MAGNITUDE));
  }

  /** Makes NaN of values beside NaN. */
  static void keepNaN(int[] a, int[] b, int[] values, int count) {
    for (int i = 0; i < count; i++) {
      values[i] = values[i] | (isNaN(a[i]) & a[i]) | (isNaN(b[i]) & b[i]);
    }
  }
}
