package io.kindling.op.view;

import io.kindling.op.GradientContext;
import io.kindling.op.ViewOp;
import io.kindling.tensor.DType;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Tensor;

/** The same memory without a past: nothing flows back. */
public record Detach() implements ViewOp {
  @Override
  public Layout view(Layout input) {
    return input;
  }

  @Override
  public boolean differentiable(int output, DType dtype) {
    return false;
  }

  @Override
  public Tensor gradient(GradientContext context, Tensor gradient) {
    return null;
  }
}
