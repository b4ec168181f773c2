package io.kindling.op.loss;

import io.kindling.ShapeException;
import io.kindling.tensor.DType;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Tensor;

/**
 * Walks the targets of a loss in row-major order: each picks a class of the input {@code (N, C,
 * ...)}.
 */
final class Picks {
  private final NllLoss loss;
  private final Layout firstClass;
  private final long classStride;
  private final Tensor target;
  private final Tensor weight;
  private final long classes;

  /**
   * @param weight of each class, or null for ones
   */
  Picks(NllLoss loss, Layout input, Tensor target, Tensor weight) {
    this.loss = loss;
    this.target = target;
    this.weight = weight;
    int classDim = input.rank() == 1 ? 0 : 1;
    this.classes = input.size(classDim);
    this.firstClass = input.select(classDim, 0);
    this.classStride = input.stride(classDim);
  }

  long count() {
    return target.numel();
  }

  boolean ignored(long i) {
    return label(i) == loss.ignoreIndex();
  }

  /** The weight of the i-th target's class. */
  double weight(long i) {
    long label = label(i);
    if (label == loss.ignoreIndex()) {
      return 0;
    }
    if (label < 0 || label >= classes) {
      throw new ShapeException(
          "nllLoss: target "
              + label
              + " at position "
              + i
              + " is no class of an input with "
              + classes
              + " classes; expected 0 to "
              + (classes - 1)
              + ", or ignoreIndex "
              + loss.ignoreIndex());
    }
    if (weight == null) {
      return 1;
    }
    DType dtype = weight.dtype();
    return dtype.readDouble(weight.address() + label * weight.stride(0) * dtype.bytes());
  }

  /** Where a tensor of the target's shape has the i-th target's element. */
  long address(Tensor tensor, Layout layout, long i) {
    return tensor.storage().address() + offset(layout, i) * tensor.dtype().bytes();
  }

  /** Where a tensor of the input's shape has the class that the i-th target picks. */
  long address(Tensor tensor, long i) {
    long offset = offset(firstClass, i) + label(i) * classStride;
    return tensor.storage().address() + offset * tensor.dtype().bytes();
  }

  private long label(long i) {
    return DType.INT64.readLong(address(target, target.layout(), i));
  }

  private static long offset(Layout layout, long i) {
    long offset = layout.offset();
    long left = i;
    // The first dimension needs no division, which takes longer than all the rest.
    for (int dim = layout.rank() - 1; dim > 0; dim--) {
      offset += left % layout.size(dim) * layout.stride(dim);
      left /= layout.size(dim);
    }
    return layout.rank() == 0 ? offset : offset + left * layout.stride(0);
  }
}
