package io.kindling.op.view;

import io.kindling.op.GradientContext;
import io.kindling.op.ViewOp;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Tensor;

/** Drops a dimension if its size is 1. */
public record Squeeze(int dim) implements ViewOp {
  @Override
  public Layout view(Layout input) {
    return input.squeeze(dim);
  }

  @Override
  public Tensor gradient(GradientContext context, Tensor gradient) {
    return gradient.reshape(context.inputSpec(0).shape().toArray());
  }
}
