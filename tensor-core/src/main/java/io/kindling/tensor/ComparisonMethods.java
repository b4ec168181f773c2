package io.kindling.tensor;

import io.kindling.DTypeException;
import io.kindling.KindlingException;
import io.kindling.ShapeException;
import io.kindling.memory.Scope;
import io.kindling.op.Dispatch;
import io.kindling.op.elementwise.Eq;
import io.kindling.op.elementwise.Ge;
import io.kindling.op.elementwise.Gt;
import io.kindling.op.elementwise.IsFinite;
import io.kindling.op.elementwise.IsInf;
import io.kindling.op.elementwise.IsNan;
import io.kindling.op.elementwise.Le;
import io.kindling.op.elementwise.LogicalAnd;
import io.kindling.op.elementwise.LogicalNot;
import io.kindling.op.elementwise.LogicalOr;
import io.kindling.op.elementwise.LogicalXor;
import io.kindling.op.elementwise.Lt;
import io.kindling.op.elementwise.Ne;

/** Questions answered by bool tensors, and logic with the answers. */
interface ComparisonMethods {
  default Tensor eq(Tensor other) {
    return Dispatch.run(new Eq(), self(), other);
  }

  default Tensor eq(long other) {
    return NumberOperand.run(new Eq(), self(), other);
  }

  default Tensor eq(double other) {
    return NumberOperand.run(new Eq(), self(), other);
  }

  default Tensor ne(Tensor other) {
    return Dispatch.run(new Ne(), self(), other);
  }

  default Tensor ne(long other) {
    return NumberOperand.run(new Ne(), self(), other);
  }

  default Tensor ne(double other) {
    return NumberOperand.run(new Ne(), self(), other);
  }

  default Tensor lt(Tensor other) {
    return Dispatch.run(new Lt(), self(), other);
  }

  default Tensor lt(long other) {
    return NumberOperand.run(new Lt(), self(), other);
  }

  default Tensor lt(double other) {
    return NumberOperand.run(new Lt(), self(), other);
  }

  default Tensor le(Tensor other) {
    return Dispatch.run(new Le(), self(), other);
  }

  default Tensor le(long other) {
    return NumberOperand.run(new Le(), self(), other);
  }

  default Tensor le(double other) {
    return NumberOperand.run(new Le(), self(), other);
  }

  default Tensor gt(Tensor other) {
    return Dispatch.run(new Gt(), self(), other);
  }

  default Tensor gt(long other) {
    return NumberOperand.run(new Gt(), self(), other);
  }

  default Tensor gt(double other) {
    return NumberOperand.run(new Gt(), self(), other);
  }

  default Tensor ge(Tensor other) {
    return Dispatch.run(new Ge(), self(), other);
  }

  default Tensor ge(long other) {
    return NumberOperand.run(new Ge(), self(), other);
  }

  default Tensor ge(double other) {
    return NumberOperand.run(new Ge(), self(), other);
  }

  default Tensor isnan() {
    return Dispatch.run(new IsNan(), self());
  }

  default Tensor isinf() {
    return Dispatch.run(new IsInf(), self());
  }

  default Tensor isfinite() {
    return Dispatch.run(new IsFinite(), self());
  }

  /** Whether values are 0. */
  default Tensor logicalNot() {
    return Dispatch.run(new LogicalNot(), self());
  }

  default Tensor logicalAnd(Tensor other) {
    return Dispatch.run(new LogicalAnd(), self(), other);
  }

  default Tensor logicalOr(Tensor other) {
    return Dispatch.run(new LogicalOr(), self(), other);
  }

  default Tensor logicalXor(Tensor other) {
    return Dispatch.run(new LogicalXor(), self(), other);
  }

  /** Whether values differ by at most {@code atol + rtol * |other|}. */
  default Tensor isclose(Tensor other, double rtol, double atol, boolean equalNan) {
    if (self().dtype() != other.dtype()) {
      throw new DTypeException(
          "isclose: the types "
              + self().dtype()
              + " and "
              + other.dtype()
              + " differ; convert with to()");
    }
    if (Shape.broadcast(self().shape(), other.shape()) == null) {
      throw new ShapeException(
          "isclose: shapes "
              + self().shape()
              + " and "
              + other.shape()
              + " do not broadcast; sizes must be equal or 1, compared from the last dimension");
    }
    return Scope.tidy(
        () -> {
          Tensor a = self().dtype().isFloatingPoint() ? self().detach() : self().to(DType.FLOAT64);
          Tensor b = self().dtype().isFloatingPoint() ? other.detach() : other.to(DType.FLOAT64);
          Tensor distance = a.sub(b).abs();
          Tensor near = distance.le(b.abs().mul(rtol).add(atol)).logicalAnd(distance.isfinite());
          Tensor close = a.eq(b).logicalOr(near);
          return equalNan ? close.logicalOr(a.isnan().logicalAnd(b.isnan())) : close;
        });
  }

  default Tensor isclose(Tensor other, double rtol) {
    return isclose(other, rtol, 1e-8, false);
  }

  default Tensor isclose(Tensor other, double rtol, double atol) {
    return isclose(other, rtol, atol, false);
  }

  default Tensor isclose(Tensor other) {
    return isclose(other, 1e-5, 1e-8, false);
  }

  default boolean allclose(Tensor other, double rtol, double atol, boolean equalNan) {
    try (Scope scope = Scope.open()) {
      return isclose(other, rtol, atol, equalNan).all().itemLong() != 0;
    } catch (KindlingException e) {
      throw e.during("allclose");
    }
  }

  default boolean allclose(Tensor other, double rtol) {
    return allclose(other, rtol, 1e-8, false);
  }

  default boolean allclose(Tensor other, double rtol, double atol) {
    return allclose(other, rtol, atol, false);
  }

  default boolean allclose(Tensor other) {
    return allclose(other, 1e-5, 1e-8, false);
  }

  /** Whether shape and values are the same; PyTorch's {@code torch.equal}. */
  default boolean equal(Tensor other) {
    if (!self().shape().equals(other.shape())) {
      return false;
    }
    try (Scope scope = Scope.open()) {
      return eq(other).all().itemLong() != 0;
    }
  }

  private Tensor self() {
    return (Tensor) this;
  }
}
