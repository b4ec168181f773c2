package io.kindling.testing;

import io.kindling.tensor.DType;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;

/** The values of a tensor, on the heap. */
public record Values(Shape shape, DType dtype, double[] doubles, long[] longs) {
  /** A tensor's values in row-major order. */
  public static Values of(Tensor tensor) {
    boolean floating = tensor.dtype().isFloatingPoint();
    return new Values(
        tensor.shape(),
        tensor.dtype(),
        floating ? tensor.toDoubleArray() : null,
        floating ? null : tensor.toLongArray());
  }
}
