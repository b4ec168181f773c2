package io.kindling.op.view;

import io.kindling.op.GradientContext;
import io.kindling.op.ViewOp;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Tensor;

/** One element of a dimension, which disappears. */
public record Select(int dim, long index) implements ViewOp {
  @Override
  public Layout view(Layout input) {
    return input.select(dim, index);
  }

  @Override
  public Tensor gradient(GradientContext context, Tensor gradient) {
    return ViewBackward.of(this, context.inputSpec(0), gradient);
  }
}
