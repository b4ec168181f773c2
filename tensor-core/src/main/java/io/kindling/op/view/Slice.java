package io.kindling.op.view;

import io.kindling.op.GradientContext;
import io.kindling.op.ViewOp;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Tensor;

/** Elements {@code start, start + step, ...} below {@code end} of a dimension. */
public record Slice(int dim, long start, long end, long step) implements ViewOp {
  @Override
  public Layout view(Layout input) {
    return input.slice(dim, start, end, step);
  }

  @Override
  public Tensor gradient(GradientContext context, Tensor gradient) {
    return ViewBackward.of(this, context.inputSpec(0), gradient);
  }
}
