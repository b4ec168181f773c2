package io.kindling.op.elementwise;

import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;

/** Whether the value is not a number, as booleans. */
public record IsNan() implements UnaryOp {
  @Override
  public DType result(Tensor[] inputs) {
    return DType.BOOL;
  }

  @Override
  public DType compute(Tensor[] inputs, DType result) {
    if (inputs[0].dtype() == DType.FLOAT64) {
      return DType.FLOAT64;
    }
    boolean asBits = inputs[0].dtype() != DType.BOOL && result == DType.BOOL;
    return asBits ? DType.INT32 : DType.FLOAT32;
  }

  @Override
  public void floats(float[] x, float[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = Float.isNaN(x[i]) ? 1 : 0;
    }
  }

  @Override
  public void doubles(double[] x, double[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = Double.isNaN(x[i]) ? 1 : 0;
    }
  }

  @Override
  public void bits(int[] x, int[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = -FloatBits.isNaN(x[i]);
    }
  }
}
