package io.kindling.tensor;

import io.kindling.DTypeException;
import io.kindling.KindlingException;
import io.kindling.op.Dispatch;
import io.kindling.op.elementwise.Clamp;
import io.kindling.op.elementwise.NanToNum;

/** Values kept between bounds, of which either may be null. */
final class Bounds {
  private Bounds() {}

  static NanToNum nanToNum(DType dtype, Number nan, Number infinity, Number minusInfinity) {
    double largest =
        switch (dtype) {
          case FLOAT32 -> Float.MAX_VALUE;
          case FLOAT16 -> 65504;
          case BFLOAT16 -> 0x1.FEp127;
          case FLOAT64, INT64, INT32, INT16, INT8, UINT8, BOOL -> Double.MAX_VALUE;
        };
    return new NanToNum(
        nan == null ? 0 : nan.doubleValue(),
        infinity == null ? largest : infinity.doubleValue(),
        minusInfinity == null ? -largest : minusInfinity.doubleValue());
  }

  static Tensor clamp(Tensor x, Number low, Number high) {
    return Dispatch.run(of(low, high), x.to(type(x.dtype(), low, high)));
  }

  static Tensor clampInPlace(Tensor x, Number low, Number high) {
    DType type = type(x.dtype(), low, high);
    if (type != x.dtype()) {
      throw new DTypeException(
          "the result would be "
              + type
              + ", the tensor is "
              + x.dtype()
              + "; convert it with to()");
    }
    return Dispatch.runInPlace(of(low, high), x);
  }

  private static Clamp of(Number low, Number high) {
    if (low == null && high == null) {
      throw new KindlingException("expected a lower bound, an upper one or both, got none");
    }
    double least = low == null ? Double.NEGATIVE_INFINITY : low.doubleValue();
    double most = high == null ? Double.POSITIVE_INFINITY : high.doubleValue();
    boolean nan = Double.isNaN(least) || Double.isNaN(most);
    return nan ? new Clamp(Double.NaN, Double.NaN) : new Clamp(least, most);
  }

  /** Whole bounds make an integer of a bool, others a float32 of both. */
  private static DType type(DType dtype, Number... bounds) {
    DType type = dtype;
    for (Number bound : bounds) {
      if (bound != null && !type.isFloatingPoint()) {
        boolean fraction = bound instanceof Double || bound instanceof Float;
        type = fraction ? DType.FLOAT32 : type == DType.BOOL ? DType.INT64 : type;
      }
    }
    return type;
  }

  /** The gradient goes where the value stayed, also where it is a bound. */
  static Tensor clamp(Tensor x, Tensor low, Tensor high) {
    if (low == null && high == null) {
      throw new KindlingException("expected a lower bound, an upper one or both, got none");
    }
    Tensor raised = low == null ? x : Tensor.where(x.lt(low).logicalOr(low.isnan()), low, x);
    if (high == null) {
      return raised;
    }
    Tensor above = raised.gt(high).logicalOr(high.isnan());
    return Tensor.where(above, high, raised);
  }
}
