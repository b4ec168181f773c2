package io.kindling.op.index;

import io.kindling.DTypeException;
import io.kindling.ShapeException;
import io.kindling.backend.cpu.PositionLoop;
import io.kindling.op.Dispatch;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.DType;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import java.util.Arrays;

/**
 * The elements, or parts, at positions that integer tensors name together: inputs {@code x} and for
 * each of its first k dimensions an index of one common shape; {@code out[b] = x[index1[b],
 * index2[b], ...]}, of the indices' shape and then x's remaining sizes.
 *
 * @param fromEnd whether -1 means the last; otherwise a negative index is refused
 */
public record IndexGet(boolean fromEnd) implements Op {
  @Override
  public Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 2, Integer.MAX_VALUE);
    Tensor[] indices = Arrays.copyOfRange(inputs, 1, inputs.length);
    return Op.one(Spec.of(picked(name(), inputs[0].shape(), indices), inputs[0].dtype()));
  }

  /** The shape of what the indices pick from a tensor; fails if they fit neither it nor another. */
  static Shape picked(String op, Shape x, Tensor[] indices) {
    Shape common = indices[0].shape();
    for (Tensor index : indices) {
      if (index.dtype() != DType.INT64 && index.dtype() != DType.INT32) {
        throw new DTypeException(
            op + ": expected indices of type int64 or int32, got " + index.dtype());
      }
      if (!index.shape().equals(common)) {
        throw new ShapeException(
            op + ": expected indices of one shape, got " + common + " and " + index.shape());
      }
    }
    if (indices.length > x.rank()) {
      throw new ShapeException(
          op + ": " + indices.length + " indices are too many for a tensor of shape " + x);
    }
    for (int d = 0; common.numel() > 0 && d < indices.length; d++) {
      if (x.size(d) == 0) {
        throw new ShapeException(
            op + ": dimension " + d + " of " + x + " is empty and has no element to index");
      }
    }
    long[] sizes = Arrays.copyOf(common.toArray(), common.rank() + x.rank() - indices.length);
    for (int d = indices.length; d < x.rank(); d++) {
      sizes[common.rank() + d - indices.length] = x.size(d);
    }
    return Shape.of(sizes);
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    Tensor[] indices = Arrays.copyOfRange(inputs, 1, inputs.length);
    PositionLoop.get(inputs[0], indices, fromEnd, outputs[0]);
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return index > 0;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor g = gradients[0];
    Tensor zeros = Tensor.zeros(Shape.SCALAR, g.dtype(), g.device());
    Tensor x = zeros.expand(context.inputSpec(0).shape().toArray());
    Tensor[] inputs = IndexPut.withIndices(context, 1, x, g);
    Tensor[] found = new Tensor[inputs.length - 1];
    found[0] = Dispatch.run(new IndexPut(true, fromEnd), inputs);
    return found;
  }
}
