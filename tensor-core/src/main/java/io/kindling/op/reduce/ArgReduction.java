package io.kindling.op.reduce;

import io.kindling.DTypeException;
import io.kindling.ShapeException;
import io.kindling.memory.OffHeap;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.DType;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;

/**
 * The index, as int64, of the value along a dimension that comes before all others: the first of
 * equal ones, or the first NaN if there is one.
 */
interface ArgReduction extends Op {
  int dim();

  /** Whether the dimension stays, with size 1. */
  boolean keepDim();

  /** Whether a value, neither being NaN, is better than another. */
  boolean before(double value, double other);

  boolean before(long value, long other);

  @Override
  default Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 1);
    if (inputs[0].dtype() == DType.BOOL) {
      throw new DTypeException(name() + " is not defined for bool; convert with to()");
    }
    Shape shape = inputs[0].shape();
    int at = shape.dim(dim());
    if (shape.rank() == 0) {
      return Op.one(Spec.of(shape, DType.INT64));
    }
    if (shape.size(at) == 0) {
      throw new ShapeException(name() + ": dimension " + at + " of " + shape + " is empty");
    }
    return Op.one(Spec.of(keepDim() ? shape.with(at, 1) : shape.without(at), DType.INT64));
  }

  @Override
  default boolean differentiable(int output, DType dtype) {
    return false;
  }

  @Override
  default void reference(Tensor[] inputs, Tensor[] outputs) {
    Tensor x = inputs[0];
    long target = outputs[0].address();
    if (x.dim() == 0) {
      OffHeap.putLong(target, 0);
      return;
    }
    Layout rest = x.layout().select(dim(), 0);
    long count = x.size(dim());
    long stride = x.layout().stride(dim());
    long[] sizes = rest.shape().toArray();
    long[] index = new long[sizes.length];
    long numel = rest.shape().numel();
    for (long i = 0; i < numel; i++) {
      long offset = rest.offset();
      for (int d = 0; d < sizes.length; d++) {
        offset += index[d] * rest.stride(d);
      }
      OffHeap.putLong(target + 8 * i, best(x, offset, stride, count));
      for (int d = sizes.length - 1; d >= 0 && ++index[d] == sizes[d]; d--) {
        index[d] = 0;
      }
    }
  }

  private long best(Tensor x, long offset, long stride, long count) {
    DType dtype = x.dtype();
    long base = x.storage().address();
    boolean floating = dtype.isFloatingPoint();
    long best = 0;
    double bestValue = floating ? dtype.readDouble(base + offset * dtype.bytes()) : 0;
    long bestLong = floating ? 0 : dtype.readLong(base + offset * dtype.bytes());
    for (long k = 1; k < count; k++) {
      long address = base + (offset + k * stride) * dtype.bytes();
      if (floating) {
        double value = dtype.readDouble(address);
        if (before(value, bestValue) || (Double.isNaN(value) && !Double.isNaN(bestValue))) {
          bestValue = value;
          best = k;
        }
      } else if (before(dtype.readLong(address), bestLong)) {
        bestLong = dtype.readLong(address);
        best = k;
      }
    }
    return best;
  }
}
