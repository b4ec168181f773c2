package io.kindling.tensor;

import java.util.Arrays;

/** How a tensor is shown. */
final class TensorPrinter {
  private static final int SHOWN = 20;

  private TensorPrinter() {}

  static String print(Tensor tensor) {
    if (tensor.isClosed()) {
      return "tensor(closed, shape=" + tensor.shape() + ", dtype=" + tensor.dtype() + ")";
    }
    if (tensor.numel() > SHOWN) {
      return "tensor(shape=" + tensor.shape() + ", dtype=" + tensor.dtype() + ")";
    }
    String values =
        tensor.dtype().isFloatingPoint()
            ? Arrays.toString(tensor.toDoubleArray())
            : Arrays.toString(tensor.toLongArray());
    return "tensor(" + values + ", shape=" + tensor.shape() + ", dtype=" + tensor.dtype() + ")";
  }
}
