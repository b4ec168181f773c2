package io.kindling.op.view;

import io.kindling.memory.OffHeap;
import io.kindling.op.Dispatch;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.op.elementwise.Copy;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Tensor;

/**
 * Puts a gradient where {@link AsStrided} looked, and zero everywhere else.
 *
 * @param whole the dense layout of the tensor that was looked into
 * @param part the layout of the view in it
 */
public record AsStridedBackward(Layout whole, Layout part) implements Op {
  @Override
  public Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 1);
    Relayout.checkDense(name(), whole, whole.shape());
    Relayout.checkPart(name(), whole, part, inputs[0].shape());
    return Op.one(new Spec(whole, inputs[0].dtype()));
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    Tensor result = outputs[0];
    OffHeap.zero(result.address(), result.numel() * result.dtype().bytes());
    result.storage().retain();
    try (Tensor window =
        new Tensor(
            result.storage(),
            new Spec(new AsStrided(part).view(result.layout()), result.dtype()),
            result.device())) {
      new Copy(result.dtype(), null).reference(inputs, new Tensor[] {window});
    }
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    return new Tensor[] {
      Dispatch.run(new AsStrided(part), Dispatch.run(new Relayout(whole), gradients[0]))
    };
  }
}
