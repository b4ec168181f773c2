package io.kindling.op.elementwise;

import io.kindling.op.GradientContext;
import io.kindling.tensor.DType;
import io.kindling.tensor.Promotion;
import io.kindling.tensor.Tensor;

/** {@code a / b}; integers are divided as float32, as in PyTorch. */
public record Div() implements BinaryOp {
  @Override
  public DType result(Tensor[] inputs) {
    DType promoted = Promotion.of(inputs);
    return promoted.isFloatingPoint() ? promoted : DType.defaultFloating();
  }

  @Override
  public void floats(float[] a, float[] b, float[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = a[i] / b[i];
    }
  }

  @Override
  public void doubles(double[] a, double[] b, double[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = a[i] / b[i];
    }
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return index == 1 || needed[1];
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor g = gradients[0];
    Tensor b = context.input(1);
    return new Tensor[] {
      context.needs(0) ? g.div(b) : null,
      context.needs(1) ? g.neg().mul(context.input(0)).div(b.mul(b)) : null
    };
  }
}
