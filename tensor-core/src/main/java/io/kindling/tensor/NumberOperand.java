package io.kindling.tensor;

import io.kindling.op.Dispatch;
import io.kindling.op.Op;

/** Operations of a tensor and a Java number, which decides no more than the kind of the result. */
final class NumberOperand {
  private NumberOperand() {}

  /** The number as an operand: whole numbers stay integers next to integer tensors. */
  static Tensor beside(Tensor tensor, double value) {
    boolean whole =
        !tensor.dtype().isFloatingPoint() && value == Math.rint(value) && !Double.isInfinite(value);
    return Tensor.numberOf(value, whole ? DType.INT64 : DType.FLOAT64, tensor.device());
  }

  static Tensor run(Op op, Tensor tensor, double value) {
    try (Tensor number = beside(tensor, value)) {
      return Dispatch.run(op, tensor, number);
    }
  }

  static Tensor runInPlace(Op op, Tensor tensor, double value) {
    try (Tensor number = beside(tensor, value)) {
      return Dispatch.runInPlace(op, tensor, number);
    }
  }
}
