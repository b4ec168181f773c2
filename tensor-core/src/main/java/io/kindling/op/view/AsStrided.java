package io.kindling.op.view;

import io.kindling.op.Dispatch;
import io.kindling.op.GradientContext;
import io.kindling.op.ViewOp;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Tensor;

/**
 * Any layout of a dense tensor's memory, with positions counted from the tensor's first element.
 *
 * @param layout the view, which must not show an element twice where gradients flow
 */
public record AsStrided(Layout layout) implements ViewOp {
  @Override
  public Layout view(Layout input) {
    return Layout.strided(layout.shape(), layout.strides(), input.offset() + layout.offset());
  }

  @Override
  public Tensor gradient(GradientContext context, Tensor gradient) {
    Layout whole = context.inputSpec(0).layout();
    return Dispatch.run(new AsStridedBackward(whole.denseLike(whole.shape()), layout), gradient);
  }
}
