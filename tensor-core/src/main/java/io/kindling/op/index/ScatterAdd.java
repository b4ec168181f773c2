package io.kindling.op.index;

import io.kindling.backend.cpu.IndexLoop;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.Tensor;

/**
 * Adds a source to the elements that {@link Gather} would take: inputs {@code x}, an integer {@code
 * index} and {@code source} of x's type; {@code out[index[i][j]][j] += source[i][j]} for dimension
 * 0.
 */
public record ScatterAdd(int dim) implements Op {
  @Override
  public Spec[] infer(Tensor[] inputs) {
    Scatter.check(name(), dim, inputs);
    return Op.one(new Spec(inputs[0].layout().denseLike(inputs[0].shape()), inputs[0].dtype()));
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    IndexLoop.scatter(inputs[0], dim, inputs[1], inputs[2], outputs[0], true);
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return index == 1;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor index = context.input(1);
    return new Tensor[] {
      context.needs(0) ? gradients[0] : null,
      null,
      context.needs(2) ? gradients[0].gather(dim, index) : null
    };
  }
}
