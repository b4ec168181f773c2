package io.kindling.op.view;

import io.kindling.op.GradientContext;
import io.kindling.op.ViewOp;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;

/** Repeats dimensions of size 1 without memory. */
public record Expand(Shape shape) implements ViewOp {
  @Override
  public Layout view(Layout input) {
    return input.expand(shape.toArray());
  }

  @Override
  public Tensor gradient(GradientContext context, Tensor gradient) {
    return gradient; // the engine sums over the repeated dimensions
  }
}
