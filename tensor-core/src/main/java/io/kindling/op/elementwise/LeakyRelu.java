package io.kindling.op.elementwise;

import io.kindling.op.GradientContext;
import io.kindling.tensor.Tensor;

/** {@code x} where it is positive, else {@code slope * x}. */
public record LeakyRelu(double slope) implements UnaryOp {
  // Without a choice, which the compiler makes a branch that a processor cannot foretell.
  @Override
  public void floats(float[] x, float[] out, int count) {
    float below = (float) slope;
    for (int i = 0; i < count; i++) {
      out[i] = Math.max(x[i], 0f) + below * Math.min(x[i], 0f);
    }
  }

  @Override
  public void doubles(double[] x, double[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = Math.max(x[i], 0d) + slope * Math.min(x[i], 0d);
    }
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return true;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor g = gradients[0];
    return new Tensor[] {Tensor.where(context.input(0).gt(0), g, g.mul(slope))};
  }
}
