package io.kindling.op.view;

import io.kindling.op.GradientContext;
import io.kindling.op.ViewOp;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Tensor;

/** A new dimension of size 1. */
public record Unsqueeze(int dim) implements ViewOp {
  @Override
  public Layout view(Layout input) {
    return input.unsqueeze(dim);
  }

  @Override
  public Tensor gradient(GradientContext context, Tensor gradient) {
    return gradient.reshape(context.inputSpec(0).shape().toArray());
  }
}
