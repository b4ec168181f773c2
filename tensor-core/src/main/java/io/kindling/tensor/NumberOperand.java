package io.kindling.tensor;

import io.kindling.DTypeException;
import io.kindling.op.Dispatch;
import io.kindling.op.Op;

/** Operations of a tensor and a Java number, which decides no more than the kind of the result. */
final class NumberOperand {
  private NumberOperand() {}

  /** The number as an operand. */
  static Tensor beside(Tensor tensor, double value) {
    return Tensor.numberOf(value, DType.FLOAT64, tensor.device());
  }

  /** As {@link #beside(Tensor, double)}, for an integer, as it is next to integers. */
  static Tensor beside(Tensor tensor, long value) {
    return tensor.dtype().isFloatingPoint()
        ? beside(tensor, (double) value)
        : Tensor.number(value, tensor.device());
  }

  /**
   * The number in a tensor's type, as PyTorch converts one to fill with: what comes after the point
   * is lost to integers, and a number beyond their range is refused.
   */
  static Tensor inTypeOf(String operation, Tensor tensor, double value) {
    DType dtype = tensor.dtype();
    if (dtype.kind() == DType.Kind.INTEGRAL && !(Math.abs(value) < 0x1p63 && fits(dtype, value))) {
      throw new DTypeException(
          operation
              + ": the value "
              + value
              + " is out of the range of type "
              + dtype
              + "; convert the tensor with to()");
    }
    Tensor number = Tensor.empty(Shape.SCALAR, dtype, tensor.device());
    dtype.writeDouble(number.address(), value);
    return number;
  }

  private static boolean fits(DType dtype, double value) {
    long whole = (long) value;
    int bits = 8 * dtype.bytes();
    return dtype == DType.UINT8
        ? whole >= 0 && whole < 256
        : bits == 64 || (whole >= -(1L << (bits - 1)) && whole < 1L << (bits - 1));
  }

  static Tensor run(Op op, Tensor tensor, double value) {
    try (Tensor number = beside(tensor, value)) {
      return Dispatch.run(op, tensor, number);
    }
  }

  static Tensor run(Op op, Tensor tensor, long value) {
    try (Tensor number = beside(tensor, value)) {
      return Dispatch.run(op, tensor, number);
    }
  }

  static Tensor runInPlace(Op op, Tensor tensor, double value) {
    try (Tensor number = beside(tensor, value)) {
      return Dispatch.runInPlace(op, tensor, number);
    }
  }

  static Tensor runInPlace(Op op, Tensor tensor, long value) {
    try (Tensor number = beside(tensor, value)) {
      return Dispatch.runInPlace(op, tensor, number);
    }
  }
}
