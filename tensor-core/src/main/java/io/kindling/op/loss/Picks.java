package io.kindling.op.loss;

import io.kindling.ShapeException;
import io.kindling.tensor.DType;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Tensor;

/**
 * The targets of a loss in row-major order: each picks a class of the input {@code (N, C, ...)}.
 */
final class Picks {
  /** The class of a target that does not count. */
  static final long IGNORED = -1;

  private final NllLoss loss;
  private final Positions firstClass;
  private final long classStride;
  private final long classes;
  private final Tensor target;
  private final Tensor weight;
  private final long count;
  private final long targets;
  private final Positions targetPositions;

  /**
   * @param weight of each class, or null for ones
   */
  Picks(NllLoss loss, Layout input, Tensor target, Tensor weight) {
    this.loss = loss;
    this.target = target;
    this.weight = weight;
    this.count = target.numel();
    this.targets = target.storage().address();
    this.targetPositions = new Positions(target.layout());
    int classDim = input.rank() == 1 ? 0 : 1;
    this.classes = input.size(classDim);
    this.firstClass = new Positions(input.select(classDim, 0));
    this.classStride = input.stride(classDim);
  }

  /** The same targets of another layout of the input. */
  Picks(Picks other, Layout input) {
    this(other.loss, input, other.target, other.weight);
  }

  long count() {
    return count;
  }

  /** How many classes there are. */
  long classes() {
    return classes;
  }

  /**
   * The class that the i-th target picks, or {@link #IGNORED}.
   *
   * @throws ShapeException if there is no such class
   */
  long label(long i) {
    long label = DType.INT64.readLong(targets + DType.INT64.bytes() * targetPositions.offset(i));
    if (label == loss.ignoreIndex()) {
      return IGNORED;
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
    return label;
  }

  /** The weight of a class, 0 for {@link #IGNORED}. */
  double weight(long label) {
    if (label == IGNORED) {
      return 0;
    }
    if (weight == null) {
      return 1;
    }
    DType dtype = weight.dtype();
    return dtype.readDouble(weight.address() + label * weight.stride(0) * dtype.bytes());
  }

  /** Where a tensor of the input's layout has a class for the i-th target. */
  long address(Tensor tensor, long i, long label) {
    long offset = firstClass.offset(i) + label * classStride;
    return tensor.storage().address() + offset * tensor.dtype().bytes();
  }

  /** The bytes from one class to the next in a tensor of the input's layout. */
  long step(Tensor tensor) {
    return classStride * tensor.dtype().bytes();
  }

  /** Where the elements of a layout are, in row-major order. */
  static final class Positions {
    private final Layout layout;
    private final long start;
    private final long step;

    Positions(Layout layout) {
      boolean line = layout.rank() <= 1 || layout.isContiguous();
      this.layout = line ? null : layout;
      this.start = layout.offset();
      this.step = layout.rank() == 1 ? layout.stride(0) : 1;
    }

    /** In elements from the storage's start. */
    long offset(long i) {
      return layout == null ? start + i * step : walked(i);
    }

    private long walked(long i) {
      long offset = start;
      long left = i;
      // The first dimension needs no division, which takes longer than all the rest.
      for (int dim = layout.rank() - 1; dim > 0; dim--) {
        offset += left % layout.size(dim) * layout.stride(dim);
        left /= layout.size(dim);
      }
      return offset + left * layout.stride(0);
    }
  }
}
