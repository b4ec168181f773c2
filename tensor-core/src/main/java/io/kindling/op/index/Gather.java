package io.kindling.op.index;

import io.kindling.ShapeException;
import io.kindling.backend.cpu.IndexLoop;
import io.kindling.op.Dispatch;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;

/**
 * One element of a dimension for each element of an index: inputs {@code x} and an integer {@code
 * index} of the same rank, nowhere larger than x but in {@code dim}; {@code out[i][j] =
 * x[index[i][j]][j]} for dimension 0. The output has the index's shape.
 */
public record Gather(int dim) implements Op {
  @Override
  public Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 2);
    checkFit(name(), inputs[0].shape(), dim, inputs[1]);
    return Op.one(Spec.of(inputs[1].shape(), inputs[0].dtype()));
  }

  /** Fails unless the index is one for a tensor of shape x. */
  static void checkFit(String op, Shape x, int dim, Tensor indices) {
    Shape index = indices.shape();
    boolean fits = x.rank() == index.rank();
    int at = x.dim(dim);
    for (int d = 0; fits && d < x.rank(); d++) {
      fits = d == at || index.size(d) <= x.size(d);
    }
    if (!fits) {
      throw new ShapeException(
          op
              + ": index "
              + index
              + " does not fit input "
              + x
              + "; expected the same rank and no larger size but in dimension "
              + at);
    }
    IndexLoop.checkIndex(op, indices);
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    IndexLoop.gather(inputs[0], dim, inputs[1], outputs[0]);
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return index == 1;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Op backward = new GatherBackward(dim, context.inputSpec(0).shape());
    return new Tensor[] {Dispatch.run(backward, gradients[0], context.input(1)), null};
  }
}
