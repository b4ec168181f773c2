package io.kindling.op.elementwise;

import io.kindling.KindlingException;
import io.kindling.op.GradientContext;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;

/** The remainder of {@code a / b}, with the sign of b. */
public record Remainder() implements BinaryOp {
  @Override
  public DType result(Tensor[] inputs) {
    return promotedNumber(inputs);
  }

  private static long nonZero(long divisor) {
    if (divisor == 0) {
      throw new KindlingException(
          "remainder: integers cannot be divided by zero; convert one side to a floating type");
    }
    return divisor;
  }

  private static double modulo(double x, double y) {
    double rest = x % y;
    return rest != 0 && rest < 0 != y < 0 ? rest + y : rest;
  }

  @Override
  public void floats(float[] a, float[] b, float[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = (float) modulo(a[i], b[i]);
    }
  }

  @Override
  public void doubles(double[] a, double[] b, double[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = modulo(a[i], b[i]);
    }
  }

  @Override
  public void longs(long[] a, long[] b, long[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = Math.floorMod(a[i], nonZero(b[i]));
    }
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return needed[1];
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor g = gradients[0];
    Tensor toSecond = null;
    if (context.needs(1)) {
      Tensor quotient = context.input(0).detach().div(context.input(1).detach());
      toSecond = g.neg().mul(quotient.floor());
    }
    return new Tensor[] {g, toSecond};
  }
}
