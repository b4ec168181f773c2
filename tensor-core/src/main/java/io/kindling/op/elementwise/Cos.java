package io.kindling.op.elementwise;

import io.kindling.backend.cpu.SineLoop;
import io.kindling.op.GradientContext;
import io.kindling.tensor.Tensor;

/** The cosine. */
public record Cos() implements UnaryOp {
  @Override
  public void floats(float[] x, float[] out, int count) {
    SineLoop.cosines(x, out, count);
  }

  @Override
  public void doubles(double[] x, double[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = Math.cos(x[i]);
    }
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return true;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    return new Tensor[] {gradients[0].mul(context.input(0).sin()).neg()};
  }
}
