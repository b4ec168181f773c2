package io.kindling.op.elementwise;

import io.kindling.op.GradientContext;
import io.kindling.tensor.Tensor;

/** The hyperbolic tangent. */
public record Tanh() implements UnaryOp {
  @Override
  public void floats(float[] x, float[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = (float) Math.tanh(x[i]);
    }
  }

  @Override
  public void doubles(double[] x, double[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = Math.tanh(x[i]);
    }
  }

  @Override
  public boolean savesOutput(int index) {
    return true;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor y = context.output(0);
    return new Tensor[] {gradients[0].mul(y.mul(y).neg().add(1))};
  }
}
