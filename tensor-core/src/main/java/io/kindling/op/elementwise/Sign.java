package io.kindling.op.elementwise;

import io.kindling.op.GradientContext;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;

/** -1, 0 or 1; 0 for NaN, as in PyTorch. */
public record Sign() implements UnaryOp {
  @Override
  public DType result(Tensor[] inputs) {
    return inputs[0].dtype();
  }

  @Override
  public void floats(float[] x, float[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = (x[i] > 0 ? 1 : 0) - (x[i] < 0 ? 1 : 0);
    }
  }

  @Override
  public void doubles(double[] x, double[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = (x[i] > 0 ? 1 : 0) - (x[i] < 0 ? 1 : 0);
    }
  }

  @Override
  public void longs(long[] x, long[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = Long.signum(x[i]);
    }
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    return new Tensor[] {Tensor.zerosLike(gradients[0])};
  }
}
