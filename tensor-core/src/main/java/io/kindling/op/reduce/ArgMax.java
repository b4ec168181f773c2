package io.kindling.op.reduce;

import io.kindling.ShapeException;
import io.kindling.memory.OffHeap;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.DType;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;

/**
 * The index, as int64, of the largest value along a dimension: the first of equal ones, and NaN
 * counts as the largest.
 *
 * @param dim the dimension
 * @param keepDim whether it stays with size 1
 */
public record ArgMax(int dim, boolean keepDim) implements Op {
  @Override
  public Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 1);
    Shape shape = inputs[0].shape();
    int at = shape.dim(dim);
    if (shape.rank() == 0) {
      return Op.one(Spec.of(shape, DType.INT64));
    }
    if (shape.size(at) == 0) {
      throw new ShapeException("argMax: dimension " + at + " of " + shape + " is empty");
    }
    return Op.one(Spec.of(keepDim ? shape.with(dim, 1) : shape.without(dim), DType.INT64));
  }

  @Override
  public boolean differentiable(int output, DType dtype) {
    return false;
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    Tensor x = inputs[0];
    long target = outputs[0].address();
    if (x.dim() == 0) {
      OffHeap.putLong(target, 0);
      return;
    }
    Layout rest = x.layout().select(dim, 0);
    long count = x.size(dim);
    long stride = x.layout().stride(dim);
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

  private static long best(Tensor x, long offset, long stride, long count) {
    DType dtype = x.dtype();
    long base = x.storage().address();
    boolean floating = dtype.isFloatingPoint();
    long best = 0;
    double largest = floating ? dtype.readDouble(base + offset * dtype.bytes()) : 0;
    long largestLong = floating ? 0 : dtype.readLong(base + offset * dtype.bytes());
    for (long k = 1; k < count; k++) {
      long address = base + (offset + k * stride) * dtype.bytes();
      if (floating) {
        double value = dtype.readDouble(address);
        if (value > largest || (Double.isNaN(value) && !Double.isNaN(largest))) {
          largest = value;
          best = k;
        }
      } else if (dtype.readLong(address) > largestLong) {
        largestLong = dtype.readLong(address);
        best = k;
      }
    }
    return best;
  }
}
