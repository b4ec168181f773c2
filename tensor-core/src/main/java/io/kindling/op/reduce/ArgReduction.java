package io.kindling.op.reduce;

import io.kindling.DTypeException;
import io.kindling.ShapeException;
import io.kindling.backend.cpu.LineBlocks;
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
    long line = x.storage().address() + offset * dtype.bytes();
    long step = stride * dtype.bytes();
    Best best = new Best();
    if (dtype.isFloatingPoint()) {
      best.real = dtype.readDouble(line);
      LineBlocks.read(dtype, line, step, count, (double[] v, long i, int n) -> find(best, v, i, n));
    } else {
      best.whole = dtype.readLong(line);
      LineBlocks.read(dtype, line, step, count, (long[] v, long i, int n) -> find(best, v, i, n));
    }
    return best.at;
  }

  /** The best value so far and where it is. */
  final class Best {
    private double real;
    private long whole;
    private long at;
  }

  private void find(Best best, double[] values, long first, int count) {
    double real = best.real;
    long at = best.at;
    for (int i = 0; i < count; i++) {
      double value = values[i];
      if (before(value, real) || (Double.isNaN(value) && !Double.isNaN(real))) {
        real = value;
        at = first + i;
      }
    }
    best.real = real;
    best.at = at;
  }

  private void find(Best best, long[] values, long first, int count) {
    for (int i = 0; i < count; i++) {
      if (before(values[i], best.whole)) {
        best.whole = values[i];
        best.at = first + i;
      }
    }
  }
}
