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
 * The elements of one dimension that an index names, in its order: inputs {@code x} and an integer
 * {@code index (K)}; the output has size K in that dimension.
 */
public record IndexSelect(int dim) implements Op {
  @Override
  public Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 2);
    Shape result = result(name(), inputs[0].shape(), dim, inputs[1]);
    return Op.one(Spec.of(result, inputs[0].dtype()));
  }

  /** The result's shape for a tensor of shape x; fails if the index is none. */
  static Shape result(String op, Shape x, int dim, Tensor indices) {
    Shape index = indices.shape();
    if (x.rank() == 0 || index.rank() != 1) {
      throw new ShapeException(
          op + ": expected a tensor with dimensions and an index (K), got " + x + " and " + index);
    }
    IndexLoop.checkIndex(op, indices);
    return x.with(dim, index.size(0));
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    IndexLoop.select(inputs[0], dim, inputs[1], outputs[0]);
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return index == 1;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Op backward = new IndexSelectBackward(dim, context.inputSpec(0).shape());
    return new Tensor[] {Dispatch.run(backward, gradients[0], context.input(1)), null};
  }
}
