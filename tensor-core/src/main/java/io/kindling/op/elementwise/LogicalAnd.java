package io.kindling.op.elementwise;

/** Whether both values differ from 0, as booleans. */
public record LogicalAnd() implements ComparisonOp {
  @Override
  public void floats(float[] a, float[] b, float[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = a[i] != 0 && b[i] != 0 ? 1 : 0;
    }
  }

  @Override
  public void doubles(double[] a, double[] b, double[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = a[i] != 0 && b[i] != 0 ? 1 : 0;
    }
  }

  @Override
  public void longs(long[] a, long[] b, long[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = a[i] != 0 && b[i] != 0 ? 1 : 0;
    }
  }

  @Override
  public void bits(int[] a, int[] b, int[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = (FloatBits.isZero(a[i]) | FloatBits.isZero(b[i])) + 1;
    }
  }

  @Override
  public void booleans(long[] a, long[] b, long[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = a[i] & b[i];
    }
  }
}
