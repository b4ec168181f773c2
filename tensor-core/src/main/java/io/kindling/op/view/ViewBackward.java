package io.kindling.op.view;

import io.kindling.memory.OffHeap;
import io.kindling.op.Dispatch;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.op.ViewOp;
import io.kindling.op.elementwise.Copy;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;

/**
 * Puts a gradient where a view looked, and zero everywhere else.
 *
 * @param view the view, which must not show an element twice
 * @param shape the shape of the tensor that was looked into
 */
public record ViewBackward(ViewOp view, Shape shape) implements Op {
  static Tensor of(ViewOp view, Spec input, Tensor gradient) {
    return Dispatch.run(new ViewBackward(view, input.shape()), gradient);
  }

  @Override
  public String name() {
    return view.name() + "Backward";
  }

  @Override
  public Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 1);
    Layout whole = Layout.contiguous(shape);
    Relayout.checkPart(name(), whole, view.view(whole), inputs[0].shape());
    return Op.one(Spec.of(shape, inputs[0].dtype()));
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    Tensor whole = outputs[0];
    OffHeap.zero(whole.address(), whole.numel() * whole.dtype().bytes());
    Layout part = view.view(whole.layout());
    whole.storage().retain();
    try (Tensor window =
        new Tensor(whole.storage(), new Spec(part, whole.dtype()), whole.device())) {
      new Copy(whole.dtype(), null).reference(inputs, new Tensor[] {window});
    }
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    return new Tensor[] {Dispatch.run(view, gradients[0])};
  }
}
