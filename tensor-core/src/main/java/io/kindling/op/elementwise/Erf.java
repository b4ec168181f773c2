package io.kindling.op.elementwise;

import io.kindling.op.GradientContext;
import io.kindling.tensor.Tensor;

/** The error function. */
public record Erf() implements UnaryOp {
  @Override
  public void floats(float[] x, float[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = (float) ErrorFunction.erf(x[i]);
    }
  }

  @Override
  public void doubles(double[] x, double[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = ErrorFunction.erf(x[i]);
    }
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return true;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor slope = context.input(0).square().neg().exp().mul(2 / Math.sqrt(Math.PI));
    return new Tensor[] {gradients[0].mul(slope)};
  }
}
