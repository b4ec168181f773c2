package io.kindling.op.elementwise;

import io.kindling.DTypeException;
import io.kindling.op.GradientContext;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;

/** {@code sqrt(a^2 + b^2)} of floating types, without overflow on the way. */
public record Hypot() implements BinaryOp {
  @Override
  public DType result(Tensor[] inputs) {
    DType promoted = BinaryOp.super.result(inputs);
    if (!promoted.isFloatingPoint()) {
      throw new DTypeException("hypot is not defined for " + promoted + "; convert with to()");
    }
    return promoted;
  }

  @Override
  public void floats(float[] a, float[] b, float[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = (float) Math.hypot(a[i], b[i]);
    }
  }

  @Override
  public void doubles(double[] a, double[] b, double[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = Math.hypot(a[i], b[i]);
    }
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return needed[index];
  }

  @Override
  public boolean savesOutput(int index) {
    return true;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor[] found = new Tensor[2];
    for (int i = 0; i < 2; i++) {
      if (context.needs(i)) {
        found[i] = gradients[0].mul(context.input(i).div(context.output(0)));
      }
    }
    return found;
  }
}
