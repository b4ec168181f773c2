package io.kindling.op.elementwise;

import io.kindling.op.GradientContext;
import io.kindling.tensor.Tensor;

/** The derivative of the logarithm of the gamma function. */
public record Digamma() implements UnaryOp {
  @Override
  public void floats(float[] x, float[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = (float) GammaFunction.polygamma(0, x[i]);
    }
  }

  @Override
  public void doubles(double[] x, double[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = GammaFunction.polygamma(0, x[i]);
    }
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return true;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    return new Tensor[] {gradients[0].mul(context.input(0).polygamma(1))};
  }
}
