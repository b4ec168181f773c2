package io.kindling.tensor;

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
