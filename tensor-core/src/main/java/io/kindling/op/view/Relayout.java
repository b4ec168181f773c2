package io.kindling.op.view;

import io.kindling.ShapeException;
import io.kindling.op.Dispatch;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.op.elementwise.Copy;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;

/**
 * A copy with a given order in memory, so that a view's strides fit it.
 *
 * @param layout a dense layout of the input's shape
 */
public record Relayout(Layout layout) implements Op {
  @Override
  public Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 1);
    checkDense(name(), layout, inputs[0].shape());
    return Op.one(new Spec(layout, inputs[0].dtype()));
  }

  /** Fails unless a layout is what a new tensor of this shape may have. */
  static void checkDense(String op, Layout layout, Shape shape) {
    if (!layout.shape().equals(shape) || !layout.isDense() || layout.offset() != 0) {
      throw new ShapeException(
          op + ": expected a dense layout for a tensor of shape " + shape + ", got " + layout);
    }
  }

  /** Fails unless a view of a dense tensor stays within it, and shows no element twice. */
  static void checkPart(String op, Layout whole, Layout part, Shape shape) {
    if (!part.shape().equals(shape) || part.end() > whole.shape().numel() || part.mayOverlap()) {
      throw new ShapeException(
          op
              + ": expected the layout of a view of a tensor "
              + whole.shape()
              + " for values of shape "
              + shape
              + ", which shows no element twice, got "
              + part);
    }
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
