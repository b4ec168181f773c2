package io.kindling.op.elementwise;

import io.kindling.KindlingException;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;

/** The largest integer that is not larger than {@code a / b}. It has no gradient. */
public record FloorDivide() implements BinaryOp {
  @Override
  public DType result(Tensor[] inputs) {
    return promotedNumber(inputs);
  }

  private static long nonZero(long divisor) {
    if (divisor == 0) {
      throw new KindlingException(
          "floorDivide: integers cannot be divided by zero; convert one side to a floating type");
    }
    return divisor;
  }

  private static double quotient(double x, double y) {
    if (y == 0) {
      return x / y;
    }
    // From what is left of x, so that rounding cannot lift the quotient over an integer.
    double rest = x % y;
    double whole = (x - rest) / y;
    if (rest != 0 && rest < 0 != y < 0) {
      whole -= 1;
    }
    return whole == 0 ? Math.copySign(0.0, x / y) : Math.rint(whole);
  }

  @Override
  public void floats(float[] a, float[] b, float[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = (float) quotient(a[i], b[i]);
    }
  }

  @Override
  public void doubles(double[] a, double[] b, double[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = quotient(a[i], b[i]);
    }
  }

  @Override
  public void longs(long[] a, long[] b, long[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = Math.floorDiv(a[i], nonZero(b[i]));
    }
  }
}
