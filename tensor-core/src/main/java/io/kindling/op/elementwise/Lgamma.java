package io.kindling.op.elementwise;

import io.kindling.op.GradientContext;
import io.kindling.tensor.Tensor;

/** The logarithm of the absolute value of the gamma function. */
public record Lgamma() implements UnaryOp {
  @Override
  public void floats(float[] x, float[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = (float) GammaFunction.logarithm(x[i]);
    }
  }

  @Override
  public void doubles(double[] x, double[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = GammaFunction.logarithm(x[i]);
    }
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return true;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    return new Tensor[] {gradients[0].mul(context.input(0).digamma())};
  }
}
