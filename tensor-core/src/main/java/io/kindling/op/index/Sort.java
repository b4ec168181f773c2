package io.kindling.op.index;

import io.kindling.backend.cpu.SortLoop;
import io.kindling.op.Dispatch;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.DType;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;

/**
 * The values along a dimension in order, and, as int64, the places they came from. Equal values
 * keep their order; NaN counts as the largest value.
 */
public record Sort(int dim, boolean descending) implements Op {
  @Override
  public Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 1);
    Shape shape = inputs[0].shape();
    shape.dim(dim);
    return new Spec[] {Spec.of(shape, inputs[0].dtype()), Spec.of(shape, DType.INT64)};
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    SortLoop.run(inputs[0], dim, descending, outputs[0], outputs[1]);
  }

  @Override
  public boolean savesOutput(int index) {
    return index == 1;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Op backward = new GatherBackward(dim, context.inputSpec(0).shape());
    return new Tensor[] {Dispatch.run(backward, gradients[0], context.output(1))};
  }
}
