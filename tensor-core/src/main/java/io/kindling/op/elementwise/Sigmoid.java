package io.kindling.op.elementwise;

import io.kindling.op.GradientContext;
import io.kindling.tensor.Tensor;

/** {@code 1 / (1 + e^-x)}. */
public record Sigmoid() implements UnaryOp {
  @Override
  public void floats(float[] x, float[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = (float) (1 / (1 + Math.exp(-x[i])));
    }
  }

  @Override
  public void doubles(double[] x, double[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = 1 / (1 + Math.exp(-x[i]));
    }
  }

  @Override
  public boolean savesOutput(int index) {
    return true;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor y = context.output(0);
    return new Tensor[] {gradients[0].mul(y.mul(y.neg().add(1)))};
  }
}
