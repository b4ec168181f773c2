package io.kindling.op.elementwise;

/** {@code a <= b}, as booleans. */
public record Le() implements ComparisonOp {
  @Override
  public void floats(float[] a, float[] b, float[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = a[i] <= b[i] ? 1 : 0;
    }
  }

  @Override
  public void doubles(double[] a, double[] b, double[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = a[i] <= b[i] ? 1 : 0;
    }
  }

  @Override
  public void longs(long[] a, long[] b, long[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = LongBits.less(b[i], a[i]) ^ 1;
    }
  }

  @Override
  public void bits(int[] a, int[] b, int[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = FloatBits.isAtMost(a[i], b[i]);
    }
  }

  @Override
  public void booleans(long[] a, long[] b, long[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = (~a[i] | b[i]) & 0x0101010101010101L;
    }
  }
}
