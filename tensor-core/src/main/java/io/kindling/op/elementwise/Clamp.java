package io.kindling.op.elementwise;

import io.kindling.op.GradientContext;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;

/** {@code min(max(x, low), high)}; NaN stays NaN. Infinite bounds leave their side open. */
public record Clamp(double low, double high) implements UnaryOp {
  @Override
  public DType result(Tensor[] inputs) {
    return inputs[0].dtype();
  }

  @Override
  public void floats(float[] x, float[] out, int count) {
    float least = (float) low;
    float most = (float) high;
    for (int i = 0; i < count; i++) {
      out[i] = Math.min(Math.max(x[i], least), most);
    }
  }

  @Override
  public void doubles(double[] x, double[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = Math.min(Math.max(x[i], low), high);
    }
  }

  @Override
  public void longs(long[] x, long[] out, int count) {
    long least = (long) Math.ceil(low);
    long most = (long) Math.floor(high);
    for (int i = 0; i < count; i++) {
      out[i] = Math.min(Math.max(x[i], least), most);
    }
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return true;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor x = context.input(0);
    Tensor inside = x.ge(low).logicalAnd(x.le(high));
    return new Tensor[] {gradients[0].mul(inside)};
  }
}
