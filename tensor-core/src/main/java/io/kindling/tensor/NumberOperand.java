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
   * The number in a tensor's type, as PyTorch converts one to fill with.
   *
   * @throws DTypeException as {@link #checkFits}
   */
  static Tensor inTypeOf(String operation, Tensor tensor, double value) {
    DType dtype = tensor.dtype();
    checkFits(operation, dtype, value);
    Tensor number = Tensor.empty(Shape.SCALAR, dtype, tensor.device());
    dtype.writeDouble(number.address(), value);
    return number;
  }

  /**
   * Fails if a type's range has no such number. What comes after the point is lost to integers; as
   * in PyTorch, uint8 takes whole numbers above -256 by their low bits.
   */
  static void checkFits(String operation, DType dtype, double value) {
    if (!fits(dtype, value)) {
      throw new DTypeException(
          operation
              + ": the value "
              + value
              + " is out of the range of type "
              + dtype
              + "; convert the tensor with to()");
    }
  }

  private static boolean fits(DType dtype, double value) {
    if (dtype.kind() != DType.Kind.INTEGRAL) {
      return dtype != DType.FLOAT32
          || !Double.isFinite(value)
          || Math.abs(value) <= Float.MAX_VALUE;
    }
    if (dtype == DType.UINT8) {
      return value <= 255 && (value >= 0 || (value == Math.rint(value) && value > -256));
    }
    double limit = Math.scalb(1.0, 8 * dtype.bytes() - 1);
    return value >= -limit && value <= limit - 1 && value != limit; // limit - 1 may round up
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
