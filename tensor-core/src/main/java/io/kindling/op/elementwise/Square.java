package io.kindling.op.elementwise;

import io.kindling.op.GradientContext;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;

/** {@code x * x}. */
public record Square() implements UnaryOp {
  @Override
  public DType result(Tensor[] inputs) {
    DType dtype = inputs[0].dtype();
    return dtype == DType.BOOL ? DType.INT64 : dtype;
  }

  @Override
  public void floats(float[] x, float[] out, int count) {
    for (int i = 0; i < count; i++) {
      float v = x[i];
      out[i] = v * v;
    }
  }

  @Override
  public void doubles(double[] x, double[] out, int count) {
    for (int i = 0; i < count; i++) {
      double v = x[i];
      out[i] = v * v;
    }
  }

  @Override
  public void longs(long[] x, long[] out, int count) {
    for (int i = 0; i < count; i++) {
      long v = x[i];
      out[i] = v * v;
    }
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return true;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    return new Tensor[] {gradients[0].mul(context.input(0).mul(2))};
  }
}
