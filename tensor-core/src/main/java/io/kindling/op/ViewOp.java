package io.kindling.op;

import io.kindling.tensor.DType;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Tensor;

/** The same memory under another layout. One input, one output, nothing is copied. */
public interface ViewOp extends Op {
  /** The layout of the view. */
  Layout view(Layout input);

  /** The gradient of the input, from that of the view. */
  Tensor gradient(GradientContext context, Tensor gradient);

  @Override
  default Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    return new Tensor[] {gradient(context, gradients[0])};
  }

  @Override
  default Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 1);
    return Op.one(new Spec(view(inputs[0].layout()), inputs[0].dtype()));
  }

  @Override
  default boolean differentiable(int output, DType dtype) {
    return dtype.isFloatingPoint();
  }

  @Override
  default void reference(Tensor[] inputs, Tensor[] outputs) {
    throw new IllegalStateException(name() + " is a view and has no kernel");
  }
}
