package io.kindling.op.elementwise;

/** Comparisons of longs, 1 for yes and 0 for no, made of their bits as {@link FloatBits} are. */
final class LongBits {
  private LongBits() {}

  /** Whether {@code a < b}: the sign of half their difference. */
  static long less(long a, long b) {
    return ((a >> 1) - (b >> 1) - (~a & b & 1)) >>> 63;
  }

  static long differ(long a, long b) {
    long difference = a ^ b;
    return (difference | -difference) >>> 63;
  }
}
