package io.kindling.op.elementwise;

import io.kindling.DTypeException;
import io.kindling.op.GradientContext;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;

/** {@code a - b}. */
public record Sub() implements BinaryOp {
  @Override
  public DType result(Tensor[] inputs) {
    for (Tensor input : inputs) {
      if (input.dtype() == DType.BOOL) {
        throw new DTypeException(
            "sub is not defined for bool; use logicalXor(), or convert with to()");
      }
    }
    return BinaryOp.super.result(inputs);
  }

  @Override
  public void floats(float[] a, float[] b, float[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = a[i] - b[i];
    }
  }

  @Override
  public void doubles(double[] a, double[] b, double[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = a[i] - b[i];
    }
  }

  @Override
  public void longs(long[] a, long[] b, long[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = a[i] - b[i];
    }
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor g = gradients[0];
    return new Tensor[] {g, context.needs(1) ? g.neg() : null};
  }
}
