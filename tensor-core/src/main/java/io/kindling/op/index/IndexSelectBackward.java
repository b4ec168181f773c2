package io.kindling.op.index;

import io.kindling.ShapeException;
import io.kindling.backend.cpu.IndexLoop;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;

/**
 * Adds each element of a dimension to the one that an index names, on zeros: inputs {@code
 * gradient} and {@code index (K)}.
 *
 * @param shape the shape of the result
 */
public record IndexSelectBackward(int dim, Shape shape) implements Op {
  @Override
  public Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 2);
    Shape expected = IndexSelect.result(name(), shape, dim, inputs[1]);
    if (!inputs[0].shape().equals(expected)) {
      throw new ShapeException(
          "indexSelectBackward: gradient "
              + inputs[0].shape()
              + " does not fit index "
              + inputs[1].shape()
              + " and result "
              + shape
              + "; expected "
              + expected);
    }
    return Op.one(Spec.of(shape, inputs[0].dtype()));
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    IndexLoop.addSelected(inputs[0], dim, inputs[1], outputs[0]);
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return index == 1;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    return new Tensor[] {gradients[0].indexSelect(dim, context.input(1)), null};
  }
}
