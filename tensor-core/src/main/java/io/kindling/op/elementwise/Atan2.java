package io.kindling.op.elementwise;

import io.kindling.op.GradientContext;
import io.kindling.tensor.DType;
import io.kindling.tensor.Promotion;
import io.kindling.tensor.Tensor;

/** The angle, from -pi to pi, of the point whose y is the first input and whose x the second. */
public record Atan2() implements BinaryOp {
  @Override
  public DType result(Tensor[] inputs) {
    DType promoted = Promotion.of(inputs);
    return promoted.isFloatingPoint() ? promoted : DType.defaultFloating();
  }

  @Override
  public void floats(float[] a, float[] b, float[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = (float) Math.atan2(a[i], b[i]);
    }
  }

  @Override
  public void doubles(double[] a, double[] b, double[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = Math.atan2(a[i], b[i]);
    }
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return true;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor y = context.input(0);
    Tensor x = context.input(1);
    Tensor scaled = gradients[0].div(x.square().add(y.square()));
    return new Tensor[] {
      context.needs(0) ? scaled.mul(x) : null, context.needs(1) ? scaled.neg().mul(y) : null
    };
  }
}
