package io.kindling.tensor;

import io.kindling.op.Dispatch;
import io.kindling.op.elementwise.Add;
import io.kindling.op.elementwise.Atan2;
import io.kindling.op.elementwise.BitwiseAnd;
import io.kindling.op.elementwise.BitwiseOr;
import io.kindling.op.elementwise.BitwiseXor;
import io.kindling.op.elementwise.Div;
import io.kindling.op.elementwise.Eq;
import io.kindling.op.elementwise.FloorDivide;
import io.kindling.op.elementwise.Fmod;
import io.kindling.op.elementwise.Ge;
import io.kindling.op.elementwise.Gt;
import io.kindling.op.elementwise.Hypot;
import io.kindling.op.elementwise.Le;
import io.kindling.op.elementwise.LogicalAnd;
import io.kindling.op.elementwise.LogicalOr;
import io.kindling.op.elementwise.LogicalXor;
import io.kindling.op.elementwise.Lt;
import io.kindling.op.elementwise.Mul;
import io.kindling.op.elementwise.Ne;
import io.kindling.op.elementwise.Pow;
import io.kindling.op.elementwise.Remainder;
import io.kindling.op.elementwise.Sub;

/**
 * The functions of {@link ArithmeticMethods} and the comparisons, written over their first operand,
 * whose shape and type stay.
 */
interface ArithmeticInPlaceMethods {
  default Tensor add_(Tensor other) {
    return Dispatch.runInPlace(new Add(), self(), other);
  }

  default Tensor add_(long other) {
    return NumberOperand.runInPlace(new Add(), self(), other);
  }

  default Tensor add_(double other) {
    return NumberOperand.runInPlace(new Add(), self(), other);
  }

  default Tensor sub_(Tensor other) {
    return Dispatch.runInPlace(new Sub(), self(), other);
  }

  default Tensor sub_(long other) {
    return NumberOperand.runInPlace(new Sub(), self(), other);
  }

  default Tensor sub_(double other) {
    return NumberOperand.runInPlace(new Sub(), self(), other);
  }

  default Tensor mul_(Tensor other) {
    return Dispatch.runInPlace(new Mul(), self(), other);
  }

  default Tensor mul_(long other) {
    return NumberOperand.runInPlace(new Mul(), self(), other);
  }

  default Tensor mul_(double other) {
    return NumberOperand.runInPlace(new Mul(), self(), other);
  }

  default Tensor div_(Tensor other) {
    return Dispatch.runInPlace(new Div(), self(), other);
  }

  default Tensor div_(long other) {
    return NumberOperand.runInPlace(new Div(), self(), other);
  }

  default Tensor div_(double other) {
    return NumberOperand.runInPlace(new Div(), self(), other);
  }

  default Tensor fmod_(Tensor other) {
    return Dispatch.runInPlace(new Fmod(), self(), other);
  }

  default Tensor fmod_(long other) {
    return NumberOperand.runInPlace(new Fmod(), self(), other);
  }

  default Tensor fmod_(double other) {
    return NumberOperand.runInPlace(new Fmod(), self(), other);
  }

  default Tensor remainder_(Tensor other) {
    return Dispatch.runInPlace(new Remainder(), self(), other);
  }

  default Tensor remainder_(long other) {
    return NumberOperand.runInPlace(new Remainder(), self(), other);
  }

  default Tensor remainder_(double other) {
    return NumberOperand.runInPlace(new Remainder(), self(), other);
  }

  default Tensor floorDivide_(Tensor other) {
    return Dispatch.runInPlace(new FloorDivide(), self(), other);
  }

  default Tensor floorDivide_(long other) {
    return NumberOperand.runInPlace(new FloorDivide(), self(), other);
  }

  default Tensor floorDivide_(double other) {
    return NumberOperand.runInPlace(new FloorDivide(), self(), other);
  }

  default Tensor pow_(Tensor other) {
    return Dispatch.runInPlace(new Pow(), self(), other);
  }

  default Tensor pow_(long other) {
    return NumberOperand.runInPlace(new Pow(), self(), other);
  }

  default Tensor pow_(double other) {
    return NumberOperand.runInPlace(new Pow(), self(), other);
  }

  default Tensor atan2_(Tensor other) {
    return Dispatch.runInPlace(new Atan2(), self(), other);
  }

  default Tensor bitwiseAnd_(Tensor other) {
    return Dispatch.runInPlace(new BitwiseAnd(), self(), other);
  }

  default Tensor bitwiseAnd_(long other) {
    return NumberOperand.runInPlace(new BitwiseAnd(), self(), other);
  }

  default Tensor bitwiseOr_(Tensor other) {
    return Dispatch.runInPlace(new BitwiseOr(), self(), other);
  }

  default Tensor bitwiseOr_(long other) {
    return NumberOperand.runInPlace(new BitwiseOr(), self(), other);
  }

  default Tensor bitwiseXor_(Tensor other) {
    return Dispatch.runInPlace(new BitwiseXor(), self(), other);
  }

  default Tensor bitwiseXor_(long other) {
    return NumberOperand.runInPlace(new BitwiseXor(), self(), other);
  }

  default Tensor eq_(Tensor other) {
    return Dispatch.runInPlace(new Eq(), self(), other);
  }

  default Tensor eq_(long other) {
    return NumberOperand.runInPlace(new Eq(), self(), other);
  }

  default Tensor eq_(double other) {
    return NumberOperand.runInPlace(new Eq(), self(), other);
  }

  default Tensor ne_(Tensor other) {
    return Dispatch.runInPlace(new Ne(), self(), other);
  }

  default Tensor ne_(long other) {
    return NumberOperand.runInPlace(new Ne(), self(), other);
  }

  default Tensor ne_(double other) {
    return NumberOperand.runInPlace(new Ne(), self(), other);
  }

  default Tensor lt_(Tensor other) {
    return Dispatch.runInPlace(new Lt(), self(), other);
  }

  default Tensor lt_(long other) {
    return NumberOperand.runInPlace(new Lt(), self(), other);
  }

  default Tensor lt_(double other) {
    return NumberOperand.runInPlace(new Lt(), self(), other);
  }

  default Tensor le_(Tensor other) {
    return Dispatch.runInPlace(new Le(), self(), other);
  }

  default Tensor le_(long other) {
    return NumberOperand.runInPlace(new Le(), self(), other);
  }

  default Tensor le_(double other) {
    return NumberOperand.runInPlace(new Le(), self(), other);
  }

  default Tensor gt_(Tensor other) {
    return Dispatch.runInPlace(new Gt(), self(), other);
  }

  default Tensor gt_(long other) {
    return NumberOperand.runInPlace(new Gt(), self(), other);
  }

  default Tensor gt_(double other) {
    return NumberOperand.runInPlace(new Gt(), self(), other);
  }

  default Tensor ge_(Tensor other) {
    return Dispatch.runInPlace(new Ge(), self(), other);
  }

  default Tensor ge_(long other) {
    return NumberOperand.runInPlace(new Ge(), self(), other);
  }

  default Tensor ge_(double other) {
    return NumberOperand.runInPlace(new Ge(), self(), other);
  }

  default Tensor logicalAnd_(Tensor other) {
    return Dispatch.runInPlace(new LogicalAnd(), self(), other);
  }

  default Tensor logicalOr_(Tensor other) {
    return Dispatch.runInPlace(new LogicalOr(), self(), other);
  }

  default Tensor logicalXor_(Tensor other) {
    return Dispatch.runInPlace(new LogicalXor(), self(), other);
  }

  default Tensor hypot_(Tensor other) {
    return Dispatch.runInPlace(new Hypot(), self(), other);
  }

  default Tensor clamp_(Number low, Number high) {
    return Composite.run("clamp_", () -> Bounds.clampInPlace(self(), low, high));
  }

  default Tensor lerp_(Tensor end, double weight) {
    return Composite.run("lerp_", () -> self().copy_(self().lerp(end, weight)));
  }

  default Tensor lerp_(Tensor end, Tensor weight) {
    return Composite.run("lerp_", () -> self().copy_(self().lerp(end, weight)));
  }

  default Tensor add_(Tensor other, double alpha) {
    return Composite.run("add_", () -> add_(WeightedSums.scaled(self(), other, alpha)));
  }

  default Tensor add_(Tensor other, long alpha) {
    return Composite.run("add_", () -> add_(WeightedSums.scaled(self(), other, alpha)));
  }

  default Tensor sub_(Tensor other, double alpha) {
    return Composite.run("sub_", () -> sub_(WeightedSums.scaled(self(), other, alpha)));
  }

  default Tensor sub_(Tensor other, long alpha) {
    return Composite.run("sub_", () -> sub_(WeightedSums.scaled(self(), other, alpha)));
  }

  default Tensor addcmul_(Tensor a, Tensor b) {
    return addcmul_(a, b, 1);
  }

  default Tensor addcmul_(Tensor a, Tensor b, long value) {
    return Composite.run("addcmul_", () -> add_(WeightedSums.product(self(), a, b), value));
  }

  default Tensor addcmul_(Tensor a, Tensor b, double value) {
    return Composite.run("addcmul_", () -> add_(WeightedSums.product(self(), a, b), value));
  }

  default Tensor addcdiv_(Tensor a, Tensor b) {
    return addcdiv_(a, b, 1);
  }

  default Tensor addcdiv_(Tensor a, Tensor b, long value) {
    return Composite.run("addcdiv_", () -> add_(WeightedSums.ratio(self(), a, b), value));
  }

  default Tensor addcdiv_(Tensor a, Tensor b, double value) {
    return Composite.run("addcdiv_", () -> add_(WeightedSums.ratio(self(), a, b), value));
  }

  private Tensor self() {
    return (Tensor) this;
  }
}
