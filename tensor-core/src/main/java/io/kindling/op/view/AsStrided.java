package io.kindling.op.view;

import io.kindling.op.Dispatch;
import io.kindling.op.GradientContext;
import io.kindling.op.ViewOp;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import java.util.List;

/**
 * Any layout of a dense tensor's memory, with positions counted from the tensor's first element.
 *
 * @param layout the view
 */
public record AsStrided(Layout layout) implements ViewOp {
  @Override
  public Layout view(Layout input) {
    return Layout.strided(layout.shape(), layout.strides(), input.offset() + layout.offset());
  }

  @Override
  public Tensor gradient(GradientContext context, Tensor gradient) {
    Layout input = context.inputSpec(0).layout();
    if (layout.mayOverlap()) {
      return added(input.denseLike(input.shape()), gradient);
    }
    return Dispatch.run(new AsStridedBackward(input.denseLike(input.shape()), layout), gradient);
  }

  /** The gradient where elements are shown more than once: all that flows into each, added. */
  private Tensor added(Layout whole, Tensor gradient) {
    long count = whole.shape().numel();
    Tensor flat = Tensor.zeros(Shape.of(count), gradient.dtype(), gradient.device());
    Tensor places = Dispatch.run(this, Tensor.arange(count)).reshape(-1);
    Tensor sums = flat.indexPut(List.of(places), gradient.reshape(-1), true);
    return Dispatch.run(new AsStrided(whole), sums);
  }
}
