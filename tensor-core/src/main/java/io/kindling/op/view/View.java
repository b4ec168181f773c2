package io.kindling.op.view;

import io.kindling.ShapeException;
import io.kindling.op.GradientContext;
import io.kindling.op.ViewOp;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;

/** The same elements in the same order under another shape. */
public record View(Shape shape) implements ViewOp {
  @Override
  public Layout view(Layout input) {
    Layout view = input.view(shape);
    if (view == null) {
      throw new ShapeException(
          "view: "
              + input
              + " cannot be seen as "
              + shape
              + " without moving elements; use reshape()");
    }
    return view;
  }

  @Override
  public Tensor gradient(GradientContext context, Tensor gradient) {
    return gradient.reshape(context.inputSpec(0).shape().toArray());
  }
}
