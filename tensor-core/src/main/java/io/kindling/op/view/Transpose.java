package io.kindling.op.view;

import io.kindling.op.GradientContext;
import io.kindling.op.ViewOp;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Tensor;

/** Swaps two dimensions. */
public record Transpose(int first, int second) implements ViewOp {
  @Override
  public Layout view(Layout input) {
    return input.transpose(first, second);
  }

  @Override
  public Tensor gradient(GradientContext context, Tensor gradient) {
    return gradient.transpose(first, second);
  }
}
