package io.kindling.op.index;

import io.kindling.ShapeException;
import io.kindling.backend.cpu.IndexLoop;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;

/**
 * Adds each element to the one that {@link Gather} would take for it, on zeros: inputs {@code
 * gradient} and {@code index} of one shape.
 *
 * @param shape the shape of the result
 */
public record GatherBackward(int dim, Shape shape) implements Op {
  @Override
  public Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 2);
    Gather.checkFit(name(), shape, dim, inputs[1]);
    if (!inputs[0].shape().equals(inputs[1].shape())) {
      throw new ShapeException(
          "gatherBackward: gradient "
              + inputs[0].shape()
              + " and index "
              + inputs[1].shape()
              + " must have one shape");
    }
    return Op.one(Spec.of(shape, inputs[0].dtype()));
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    IndexLoop.addGathered(inputs[0], dim, inputs[1], outputs[0]);
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return index == 1;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    return new Tensor[] {gradients[0].gather(dim, context.input(1)), null};
  }
}
