package io.kindling.op.elementwise;

import io.kindling.op.GradientContext;
import io.kindling.tensor.Tensor;

/** The inverse of the error function, from -1 to 1. */
public record Erfinv() implements UnaryOp {
  @Override
  public void floats(float[] x, float[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = (float) ErrorFunction.inverse(x[i]);
    }
  }

  @Override
  public void doubles(double[] x, double[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = ErrorFunction.inverse(x[i]);
    }
  }

  @Override
  public boolean savesOutput(int index) {
    return true;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor slope = context.output(0).square().exp().mul(Math.sqrt(Math.PI) / 2);
    return new Tensor[] {gradients[0].mul(slope)};
  }
}
