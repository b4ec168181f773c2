package io.kindling.op.elementwise;

import io.kindling.op.GradientContext;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;

/** The absolute value; its gradient at 0 is 0. */
public record Abs() implements UnaryOp {
  @Override
  public DType result(Tensor[] inputs) {
    return inputs[0].dtype();
  }

  @Override
  public void floats(float[] x, float[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = Math.abs(x[i]);
    }
  }

  @Override
  public boolean hasPacked() {
    return true;
  }

  @Override
  public void packed(long[] x, long[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = x[i] & 0x7fff7fff7fff7fffL;
    }
  }

  @Override
  public void doubles(double[] x, double[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = Math.abs(x[i]);
    }
  }

  @Override
  public void longs(long[] x, long[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = Math.abs(x[i]);
    }
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return true;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    return new Tensor[] {gradients[0].mul(context.input(0).sign())};
  }
}
