package io.kindling.tensor;

import io.kindling.op.Dispatch;
import io.kindling.op.elementwise.Add;
import io.kindling.op.elementwise.Atan2;
import io.kindling.op.elementwise.BitwiseAnd;
import io.kindling.op.elementwise.BitwiseOr;
import io.kindling.op.elementwise.BitwiseXor;
import io.kindling.op.elementwise.Div;
import io.kindling.op.elementwise.FloorDivide;
import io.kindling.op.elementwise.Fmod;
import io.kindling.op.elementwise.Hypot;
import io.kindling.op.elementwise.Maximum;
import io.kindling.op.elementwise.Minimum;
import io.kindling.op.elementwise.Mul;
import io.kindling.op.elementwise.Pow;
import io.kindling.op.elementwise.Remainder;
import io.kindling.op.elementwise.Sub;

/** Arithmetic of two operands: a tensor and another tensor or number. */
interface ArithmeticMethods {
  default Tensor add(Tensor other) {
    return Dispatch.run(new Add(), self(), other);
  }

  default Tensor add(long other) {
    return NumberOperand.run(new Add(), self(), other);
  }

  default Tensor add(double other) {
    return NumberOperand.run(new Add(), self(), other);
  }

  /** {@code this + alpha * other}. */
  default Tensor add(Tensor other, double alpha) {
    return Composite.run("add", () -> add(WeightedSums.scaled(self(), other, alpha)));
  }

  default Tensor add(Tensor other, long alpha) {
    return Composite.run("add", () -> add(WeightedSums.scaled(self(), other, alpha)));
  }

  default Tensor sub(Tensor other) {
    return Dispatch.run(new Sub(), self(), other);
  }

  default Tensor sub(long other) {
    return NumberOperand.run(new Sub(), self(), other);
  }

  default Tensor sub(double other) {
    return NumberOperand.run(new Sub(), self(), other);
  }

  /** {@code this - alpha * other}. */
  default Tensor sub(Tensor other, double alpha) {
    return Composite.run("sub", () -> sub(WeightedSums.scaled(self(), other, alpha)));
  }

  default Tensor sub(Tensor other, long alpha) {
    return Composite.run("sub", () -> sub(WeightedSums.scaled(self(), other, alpha)));
  }

  default Tensor mul(Tensor other) {
    return Dispatch.run(new Mul(), self(), other);
  }

  default Tensor mul(long other) {
    return NumberOperand.run(new Mul(), self(), other);
  }

  default Tensor mul(double other) {
    return NumberOperand.run(new Mul(), self(), other);
  }

  default Tensor div(Tensor other) {
    return Dispatch.run(new Div(), self(), other);
  }

  default Tensor div(long other) {
    return NumberOperand.run(new Div(), self(), other);
  }

  default Tensor div(double other) {
    return NumberOperand.run(new Div(), self(), other);
  }

  /** The angle of the point whose y this is and whose x the other. */
  default Tensor atan2(Tensor x) {
    return Dispatch.run(new Atan2(), self(), x);
  }

  /**
   * Values below {@code low} become low, those above {@code high} high; a bound may be null.
   * Fractions make float32 of integers.
   */
  default Tensor clamp(Number low, Number high) {
    return Composite.run("clamp", () -> Bounds.clamp(self(), low, high));
  }

  /** As {@link #clamp(Number, Number)}, with bounds that broadcast. */
  default Tensor clamp(Tensor low, Tensor high) {
    return Composite.run("clamp", () -> Bounds.clamp(self(), low, high));
  }

  default Tensor clampMin(Number low) {
    return Composite.run("clampMin", () -> Bounds.clamp(self(), low, null));
  }

  default Tensor clampMax(Number high) {
    return Composite.run("clampMax", () -> Bounds.clamp(self(), null, high));
  }

  /** {@code sqrt(this^2 + other^2)}. */
  default Tensor hypot(Tensor other) {
    return Dispatch.run(new Hypot(), self(), other);
  }

  /** The quotient, rounded: {@code "trunc"} towards 0, {@code "floor"} down, null not at all. */
  default Tensor div(Tensor other, String roundingMode) {
    return Composite.run("div", () -> WeightedSums.quotient(self(), other, roundingMode));
  }

  default Tensor div(long other, String roundingMode) {
    return Composite.run(
        "div",
        () -> WeightedSums.quotient(self(), NumberOperand.beside(self(), other), roundingMode));
  }

  default Tensor div(double other, String roundingMode) {
    return Composite.run(
        "div",
        () -> WeightedSums.quotient(self(), NumberOperand.beside(self(), other), roundingMode));
  }

  default Tensor pow(Tensor exponent) {
    return Dispatch.run(new Pow(), self(), exponent);
  }

  default Tensor pow(long exponent) {
    return NumberOperand.run(new Pow(), self(), exponent);
  }

  default Tensor pow(double exponent) {
    return NumberOperand.run(new Pow(), self(), exponent);
  }

  /** The remainder of a division, with the sign of this tensor. */
  default Tensor fmod(Tensor other) {
    return Dispatch.run(new Fmod(), self(), other);
  }

  default Tensor fmod(long other) {
    return NumberOperand.run(new Fmod(), self(), other);
  }

  default Tensor fmod(double other) {
    return NumberOperand.run(new Fmod(), self(), other);
  }

  /** The remainder of a division, with the sign of the other. */
  default Tensor remainder(Tensor other) {
    return Dispatch.run(new Remainder(), self(), other);
  }

  default Tensor remainder(long other) {
    return NumberOperand.run(new Remainder(), self(), other);
  }

  default Tensor remainder(double other) {
    return NumberOperand.run(new Remainder(), self(), other);
  }

  /** The quotient, rounded down. */
  default Tensor floorDivide(Tensor other) {
    return Dispatch.run(new FloorDivide(), self(), other);
  }

  default Tensor floorDivide(long other) {
    return NumberOperand.run(new FloorDivide(), self(), other);
  }

  default Tensor floorDivide(double other) {
    return NumberOperand.run(new FloorDivide(), self(), other);
  }

  /** {@code this + weight * (end - this)}, of tensors of one floating type. */
  default Tensor lerp(Tensor end, double weight) {
    return Composite.run("lerp", () -> WeightedSums.lerp(self(), end, weight));
  }

  default Tensor lerp(Tensor end, Tensor weight) {
    return Composite.run("lerp", () -> WeightedSums.lerp(self(), end, weight));
  }

  /** {@code this + value * a * b}. */
  default Tensor addcmul(Tensor a, Tensor b, double value) {
    return Composite.run("addcmul", () -> self().add(WeightedSums.product(self(), a, b), value));
  }

  default Tensor addcmul(Tensor a, Tensor b, long value) {
    return Composite.run("addcmul", () -> self().add(WeightedSums.product(self(), a, b), value));
  }

  default Tensor addcmul(Tensor a, Tensor b) {
    return addcmul(a, b, 1);
  }

  /** {@code this + value * a / b}, of floating types. */
  default Tensor addcdiv(Tensor a, Tensor b, double value) {
    return Composite.run("addcdiv", () -> self().add(WeightedSums.ratio(self(), a, b), value));
  }

  default Tensor addcdiv(Tensor a, Tensor b, long value) {
    return Composite.run("addcdiv", () -> self().add(WeightedSums.ratio(self(), a, b), value));
  }

  default Tensor addcdiv(Tensor a, Tensor b) {
    return addcdiv(a, b, 1);
  }

  default Tensor bitwiseAnd(Tensor other) {
    return Dispatch.run(new BitwiseAnd(), self(), other);
  }

  default Tensor bitwiseAnd(long other) {
    return NumberOperand.run(new BitwiseAnd(), self(), other);
  }

  default Tensor bitwiseOr(Tensor other) {
    return Dispatch.run(new BitwiseOr(), self(), other);
  }

  default Tensor bitwiseOr(long other) {
    return NumberOperand.run(new BitwiseOr(), self(), other);
  }

  default Tensor bitwiseXor(Tensor other) {
    return Dispatch.run(new BitwiseXor(), self(), other);
  }

  default Tensor bitwiseXor(long other) {
    return NumberOperand.run(new BitwiseXor(), self(), other);
  }

  default Tensor minimum(Tensor other) {
    return Dispatch.run(new Minimum(), self(), other);
  }

  default Tensor maximum(Tensor other) {
    return Dispatch.run(new Maximum(), self(), other);
  }

  private Tensor self() {
    return (Tensor) this;
  }
}
