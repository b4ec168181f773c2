package io.kindling.op.elementwise;

import io.kindling.KindlingException;
import io.kindling.op.GradientContext;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;

/**
 * The derivative of order {@code n} of the digamma function.
 *
 * @param n 0 (digamma itself) or more
 */
public record Polygamma(int n) implements UnaryOp {
  private static final int MOST = 64;

  @Override
  public DType result(Tensor[] inputs) {
    if (n < 0 || n > MOST) {
      throw new KindlingException("polygamma: expected an order from 0 to " + MOST + ", got " + n);
    }
    return UnaryOp.super.result(inputs);
  }

  @Override
  public void floats(float[] x, float[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = (float) GammaFunction.polygamma(n, x[i]);
    }
  }

  @Override
  public void doubles(double[] x, double[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = GammaFunction.polygamma(n, x[i]);
    }
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return true;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    return new Tensor[] {gradients[0].mul(context.input(0).polygamma(n + 1))};
  }
}
