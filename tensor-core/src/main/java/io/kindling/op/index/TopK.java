package io.kindling.op.index;

import io.kindling.ShapeException;
import io.kindling.backend.cpu.SortLoop;
import io.kindling.op.Dispatch;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.DType;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;

/**
 * The {@code k} largest values along a dimension, or the smallest, in order, and, as int64, their
 * places: the first of equal values, NaN as the largest.
 */
public record TopK(long k, int dim, boolean largest) implements Op {
  @Override
  public String name() {
    return "topk";
  }

  @Override
  public Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 1);
    Shape shape = inputs[0].shape();
    int at = shape.dim(dim);
    long size = shape.rank() == 0 ? 1 : shape.size(at);
    if (k < 0 || k > size || (shape.rank() == 0 && k != 1)) {
      throw new ShapeException(
          "topk: k = "
              + k
              + " does not fit dimension "
              + at
              + " of "
              + shape
              + "; expected at most "
              + size);
    }
    Shape result = shape.rank() == 0 ? shape : shape.with(at, k);
    return new Spec[] {Spec.of(result, inputs[0].dtype()), Spec.of(result, DType.INT64)};
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    SortLoop.run(inputs[0], dim, largest, outputs[0], outputs[1]);
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
