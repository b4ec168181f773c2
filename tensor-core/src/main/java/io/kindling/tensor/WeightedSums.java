package io.kindling.tensor;

import io.kindling.DTypeException;
import io.kindling.KindlingException;
import io.kindling.op.Op;

/** Sums of a tensor and others with factors. */
final class WeightedSums {
  private WeightedSums() {}

  /** From the nearer end, so that a weight of 1 gives the end exactly. */
  static Tensor lerp(Tensor start, Tensor end, double weight) {
    check(start, end);
    Tensor way = end.sub(start);
    return weight < 0.5 ? start.add(way.mul(weight)) : end.sub(way.mul(1 - weight));
  }

  static Tensor lerp(Tensor start, Tensor end, Tensor weight) {
    check(start, end);
    check(start, weight);
    Tensor way = end.sub(start);
    Tensor fromEnd = end.sub(way.mul(weight.neg().add(1)));
    return Tensor.where(weight.abs().lt(0.5), start.add(way.mul(weight)), fromEnd);
  }

  /** A quotient that is no integer division in disguise. */
  static Tensor ratio(Tensor tensor, Tensor a, Tensor b) {
    if (!a.dtype().isFloatingPoint() && !b.dtype().isFloatingPoint()) {
      throw new DTypeException(
          "integers "
              + a.dtype()
              + " and "
              + b.dtype()
              + " cannot be divided here; use div() or floorDivide(), or convert with to()");
    }
    return wide(tensor, a, b).div(b);
  }

  /** In the type of the sum, which must not be rounded on the way. */
  private static Tensor wide(Tensor tensor, Tensor a, Tensor b) {
    DType type = Promotion.of(tensor, a, b);
    return type.isFloatingPoint() && a.dtype() != type ? a.to(type) : a;
  }

  /** A product to be added to a tensor; of booleans there is none. */
  static Tensor product(Tensor tensor, Tensor a, Tensor b) {
    if (Promotion.of(tensor, a, b) == DType.BOOL) {
      throw new DTypeException("not defined for bool alone; use logicalOr(), or convert with to()");
    }
    return wide(tensor, a, b).mul(b);
  }

  /** What is added to a tensor with a factor, which is whole where both are. */
  static Tensor scaled(Tensor tensor, Tensor other, double alpha) {
    DType type = Promotion.of(tensor, other);
    if (!type.isFloatingPoint()) {
      throw new DTypeException(
          "a tensor of " + type + " takes no factor " + alpha + "; give a whole number");
    }
    return (other.dtype() == type ? other : other.to(type)).mul(alpha);
  }

  static Tensor scaled(Tensor tensor, Tensor other, long alpha) {
    DType type = Promotion.of(tensor, other);
    if (type == DType.BOOL) {
      return other.mul(alpha).to(DType.BOOL);
    }
    // A number would make integers of booleans, whatever type these are added to.
    boolean widens = other.dtype() == DType.BOOL || type.isFloatingPoint();
    return (widens && other.dtype() != type ? other.to(type) : other).mul(alpha);
  }

  static Tensor quotient(Tensor a, Tensor b, String roundingMode) {
    if (roundingMode == null) {
      return a.div(b);
    }
    return switch (roundingMode) {
      case "floor" -> a.detach().floorDivide(b.detach());
      case "trunc" ->
          Promotion.of(a, b).isFloatingPoint()
              ? a.detach().div(b.detach()).trunc()
              : a.sub(a.fmod(b)).floorDivide(b);
      default ->
          throw new KindlingException(
              "'" + roundingMode + "' is no rounding mode; use trunc or floor, or null");
    };
  }

  private static void check(Tensor start, Tensor other) {
    Op.checkType("lerp", start, DType.FLOAT32, DType.FLOAT64, DType.FLOAT16, DType.BFLOAT16);
    Op.checkType("lerp", other, start.dtype());
  }
}
