package io.kindling.op.view;

import io.kindling.op.Dispatch;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.op.elementwise.Copy;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Tensor;

/**
 * The first input with the part that a view shows replaced by the second: what writing through a
 * view does to the tensor behind it.
 *
 * @param whole the dense layout of the first input
 * @param part the layout of the view in it
 */
public record ReplaceView(Layout whole, Layout part) implements Op {
  @Override
  public Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 2);
    Relayout.checkDense(name(), whole, inputs[0].shape());
    Relayout.checkPart(name(), whole, part, inputs[1].shape());
    return Op.one(new Spec(whole, inputs[0].dtype()));
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    Tensor result = outputs[0];
    new Copy(result.dtype(), null).reference(new Tensor[] {inputs[0]}, outputs);
    result.storage().retain();
    try (Tensor window =
        new Tensor(
            result.storage(),
            new Spec(new AsStrided(part).view(result.layout()), result.dtype()),
            result.device())) {
      new Copy(result.dtype(), null).reference(new Tensor[] {inputs[1]}, new Tensor[] {window});
    }
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor g = gradients[0];
    Tensor dense = Dispatch.run(new Relayout(whole), g);
    Tensor shown = Dispatch.run(new AsStrided(part), dense);
    Tensor kept = null;
    if (context.needs(0)) {
      try (Tensor zeros = Tensor.zerosLike(shown.detach())) {
        kept = Dispatch.run(new ReplaceView(whole, part), g, zeros);
      }
    }
    return new Tensor[] {kept, context.needs(1) ? shown : null};
  }
}
