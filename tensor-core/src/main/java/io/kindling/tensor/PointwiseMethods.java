package io.kindling.tensor;

import io.kindling.op.Dispatch;
import io.kindling.op.elementwise.Abs;
import io.kindling.op.elementwise.Acos;
import io.kindling.op.elementwise.Asin;
import io.kindling.op.elementwise.Atan;
import io.kindling.op.elementwise.Ceil;
import io.kindling.op.elementwise.Cos;
import io.kindling.op.elementwise.Cosh;
import io.kindling.op.elementwise.Digamma;
import io.kindling.op.elementwise.Erf;
import io.kindling.op.elementwise.Erfinv;
import io.kindling.op.elementwise.Exp;
import io.kindling.op.elementwise.Expm1;
import io.kindling.op.elementwise.Floor;
import io.kindling.op.elementwise.Lgamma;
import io.kindling.op.elementwise.Log;
import io.kindling.op.elementwise.Log10;
import io.kindling.op.elementwise.Log1p;
import io.kindling.op.elementwise.Log2;
import io.kindling.op.elementwise.Neg;
import io.kindling.op.elementwise.Polygamma;
import io.kindling.op.elementwise.Reciprocal;
import io.kindling.op.elementwise.Relu;
import io.kindling.op.elementwise.Round;
import io.kindling.op.elementwise.Rsqrt;
import io.kindling.op.elementwise.Sigmoid;
import io.kindling.op.elementwise.Sign;
import io.kindling.op.elementwise.Sin;
import io.kindling.op.elementwise.Sinh;
import io.kindling.op.elementwise.Sqrt;
import io.kindling.op.elementwise.Square;
import io.kindling.op.elementwise.Tan;
import io.kindling.op.elementwise.Tanh;
import io.kindling.op.elementwise.Trunc;
import io.kindling.op.norm.LogSoftmax;
import io.kindling.op.norm.Softmax;

/** Functions of each element by itself, and of each element among those of its dimension. */
interface PointwiseMethods {
  default Tensor neg() {
    return Dispatch.run(new Neg(), self());
  }

  default Tensor exp() {
    return Dispatch.run(new Exp(), self());
  }

  default Tensor log() {
    return Dispatch.run(new Log(), self());
  }

  default Tensor sqrt() {
    return Dispatch.run(new Sqrt(), self());
  }

  default Tensor tanh() {
    return Dispatch.run(new Tanh(), self());
  }

  default Tensor sigmoid() {
    return Dispatch.run(new Sigmoid(), self());
  }

  default Tensor relu() {
    return Dispatch.run(new Relu(), self());
  }

  /** The absolute value. */
  default Tensor abs() {
    return Dispatch.run(new Abs(), self());
  }

  /** Each value multiplied by itself. */
  default Tensor square() {
    return Dispatch.run(new Square(), self());
  }

  /** -1, 0 or 1. */
  default Tensor sign() {
    return Dispatch.run(new Sign(), self());
  }

  /** The largest integer that is not larger. */
  default Tensor floor() {
    return Dispatch.run(new Floor(), self());
  }

  /** The smallest integer that is not smaller. */
  default Tensor ceil() {
    return Dispatch.run(new Ceil(), self());
  }

  /** The nearest integer; of two equally near ones the even one. */
  default Tensor round() {
    return Dispatch.run(new Round(), self());
  }

  /** The integer part. */
  default Tensor trunc() {
    return Dispatch.run(new Trunc(), self());
  }

  /** {@code 1 / sqrt(x)}. */
  default Tensor rsqrt() {
    return Dispatch.run(new Rsqrt(), self());
  }

  /** {@code 1 / x}. */
  default Tensor reciprocal() {
    return Dispatch.run(new Reciprocal(), self());
  }

  default Tensor sin() {
    return Dispatch.run(new Sin(), self());
  }

  default Tensor cos() {
    return Dispatch.run(new Cos(), self());
  }

  default Tensor tan() {
    return Dispatch.run(new Tan(), self());
  }

  default Tensor atan() {
    return Dispatch.run(new Atan(), self());
  }

  default Tensor asin() {
    return Dispatch.run(new Asin(), self());
  }

  default Tensor acos() {
    return Dispatch.run(new Acos(), self());
  }

  default Tensor sinh() {
    return Dispatch.run(new Sinh(), self());
  }

  default Tensor cosh() {
    return Dispatch.run(new Cosh(), self());
  }

  /** {@code log(1 + x)}. */
  default Tensor log1p() {
    return Dispatch.run(new Log1p(), self());
  }

  /** {@code e^x - 1}. */
  default Tensor expm1() {
    return Dispatch.run(new Expm1(), self());
  }

  default Tensor log2() {
    return Dispatch.run(new Log2(), self());
  }

  default Tensor log10() {
    return Dispatch.run(new Log10(), self());
  }

  /** The error function. */
  default Tensor erf() {
    return Dispatch.run(new Erf(), self());
  }

  /** 0 for NaN, and the largest and smallest values of the type for the infinities. */
  default Tensor nanToNum() {
    return nanToNum(null);
  }

  default Tensor nanToNum(Number nan) {
    return nanToNum(nan, null);
  }

  default Tensor nanToNum(Number nan, Number infinity) {
    return nanToNum(nan, infinity, null);
  }

  /**
   * Numbers for NaN, infinity and minus infinity; null stands for 0, the type's largest value and
   * its smallest.
   */
  default Tensor nanToNum(Number nan, Number infinity, Number minusInfinity) {
    return Dispatch.run(Bounds.nanToNum(self().dtype(), nan, infinity, minusInfinity), self());
  }

  /** Rounded to so many digits after the point; before it, if negative. */
  default Tensor round(int decimals) {
    if (decimals == 0 || !self().dtype().isFloatingPoint()) {
      return round();
    }
    double scale = Math.pow(10, Math.abs(decimals));
    return Composite.run(
        "round",
        () ->
            decimals > 0
                ? self().mul(scale).round().div(scale)
                : self().div(scale).round().mul(scale));
  }

  /** The logarithm of the absolute value of the gamma function. */
  default Tensor lgamma() {
    return Dispatch.run(new Lgamma(), self());
  }

  /** The derivative of {@link #lgamma}. */
  default Tensor digamma() {
    return Dispatch.run(new Digamma(), self());
  }

  /** The derivative of order {@code n} of {@link #digamma}. */
  default Tensor polygamma(int n) {
    return Dispatch.run(new Polygamma(n), self());
  }

  /** The inverse of the error function. */
  default Tensor erfinv() {
    return Dispatch.run(new Erfinv(), self());
  }

  /** As {@link #softmax(int)}, of values converted to a type. */
  default Tensor softmax(int dim, DType dtype) {
    return Composite.run("softmax", () -> self().to(dtype).softmax(dim));
  }

  /** As {@link #logSoftmax(int)}, of values converted to a type. */
  default Tensor logSoftmax(int dim, DType dtype) {
    return Composite.run("logSoftmax", () -> self().to(dtype).logSoftmax(dim));
  }

  /** {@code e^x / sum(e^x)} along a dimension. */
  default Tensor softmax(int dim) {
    return Dispatch.run(new Softmax(dim), self());
  }

  /** {@code log(softmax(x))} along a dimension. */
  default Tensor logSoftmax(int dim) {
    return Dispatch.run(new LogSoftmax(dim), self());
  }

  private Tensor self() {
    return (Tensor) this;
  }
}
