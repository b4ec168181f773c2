package io.kindling.op.elementwise;

import io.kindling.DTypeException;
import io.kindling.op.GradientContext;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;

/** {@code -x}. */
public record Neg() implements UnaryOp {
  @Override
  public DType result(Tensor[] inputs) {
    if (inputs[0].dtype() == DType.BOOL) {
      throw new DTypeException(name() + " is not defined for bool; use logicalNot()");
    }
    return inputs[0].dtype();
  }

  @Override
  public void floats(float[] x, float[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = -x[i];
    }
  }

  @Override
  public boolean hasPacked() {
    return true;
  }

  @Override
  public void packed(long[] x, long[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = x[i] ^ 0x8000800080008000L;
    }
  }

  @Override
  public void doubles(double[] x, double[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = -x[i];
    }
  }

  @Override
  public void longs(long[] x, long[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = -x[i];
    }
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    return new Tensor[] {gradients[0].neg()};
  }
}
