package io.kindling.op.elementwise;

/** The bits that either has. */
public record BitwiseOr() implements BitwiseOp {
  @Override
  public void longs(long[] a, long[] b, long[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = a[i] | b[i];
    }
  }
}
