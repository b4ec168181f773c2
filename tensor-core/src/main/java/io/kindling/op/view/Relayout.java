package io.kindling.op.view;

import io.kindling.op.Dispatch;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.op.elementwise.Copy;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Tensor;

/**
 * A copy with a given order in memory, so that a view's strides fit it.
 *
 * @param layout a dense layout of the input's shape
 */
public record Relayout(Layout layout) implements Op {
  @Override
  public Spec[] infer(Tensor[] inputs) {
    return Op.one(new Spec(layout, inputs[0].dtype()));
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    new Copy(outputs[0].dtype(), null).reference(inputs, outputs);
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    return new Tensor[] {Dispatch.run(new Relayout(layout), gradients[0])};
  }
}
