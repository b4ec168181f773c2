package io.kindling.op.elementwise;

import io.kindling.op.GradientContext;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;

/** Numbers for what is none: one for NaN, one for infinity and one for minus infinity. */
public record NanToNum(double nan, double infinity, double minusInfinity) implements UnaryOp {
  @Override
  public DType result(Tensor[] inputs) {
    return inputs[0].dtype();
  }

  @Override
  public void floats(float[] x, float[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = (float) number(x[i]);
    }
  }

  @Override
  public void doubles(double[] x, double[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = number(x[i]);
    }
  }

  @Override
  public void longs(long[] x, long[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = x[i];
    }
  }

  private double number(double value) {
    if (Double.isNaN(value)) {
      return nan;
    }
    return Double.isInfinite(value) ? value > 0 ? infinity : minusInfinity : value;
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return true;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor replaced = context.input(0).isfinite().logicalNot();
    return new Tensor[] {gradients[0].maskedFill(replaced, 0)};
  }
}
