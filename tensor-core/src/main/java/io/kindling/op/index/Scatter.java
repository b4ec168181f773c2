package io.kindling.op.index;

import io.kindling.DTypeException;
import io.kindling.ShapeException;
import io.kindling.backend.cpu.IndexLoop;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.Tensor;

/**
 * Replaces the elements that {@link Gather} would take by those of a source: inputs {@code x}, an
 * integer {@code index} and {@code source} of x's type; {@code out[index[i][j]][j] = source[i][j]}
 * for dimension 0. Which of two values for one element stays is not defined.
 */
public record Scatter(int dim) implements Op {
  @Override
  public Spec[] infer(Tensor[] inputs) {
    check(name(), dim, inputs);
    return Op.one(new Spec(inputs[0].layout().denseLike(inputs[0].shape()), inputs[0].dtype()));
  }

  /** Fails unless the index is one for x, and the source of its shape and of x's type. */
  static void check(String op, int dim, Tensor[] inputs) {
    Op.checkCount(op, inputs, 3);
    Gather.checkFit(op, inputs[0].shape(), dim, inputs[1]);
    if (!inputs[2].shape().equals(inputs[1].shape())) {
      throw new ShapeException(
          op
              + ": source "
              + inputs[2].shape()
              + " is smaller than index "
              + inputs[1].shape()
              + "; expected one element for each of the index");
    }
    if (inputs[2].dtype() != inputs[0].dtype()) {
      throw new DTypeException(
          op
              + ": expected a source of type "
              + inputs[0].dtype()
              + ", got "
              + inputs[2].dtype()
              + "; convert it with to()");
    }
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    IndexLoop.scatter(inputs[0], dim, inputs[1], inputs[2], outputs[0]);
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return index == 1;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor index = context.input(1);
    return new Tensor[] {
      context.needs(0) ? gradients[0].scatter(dim, index, 0) : null,
      null,
      context.needs(2) ? gradients[0].gather(dim, index) : null
    };
  }
}
