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
import io.kindling.op.elementwise.LogicalNot;
import io.kindling.op.elementwise.Neg;
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

/** The functions of {@link PointwiseMethods}, written over their input. */
interface PointwiseInPlaceMethods {
  default Tensor abs_() {
    return Dispatch.runInPlace(new Abs(), self());
  }

  default Tensor acos_() {
    return Dispatch.runInPlace(new Acos(), self());
  }

  default Tensor asin_() {
    return Dispatch.runInPlace(new Asin(), self());
  }

  default Tensor atan_() {
    return Dispatch.runInPlace(new Atan(), self());
  }

  default Tensor ceil_() {
    return Dispatch.runInPlace(new Ceil(), self());
  }

  default Tensor cos_() {
    return Dispatch.runInPlace(new Cos(), self());
  }

  default Tensor cosh_() {
    return Dispatch.runInPlace(new Cosh(), self());
  }

  default Tensor erf_() {
    return Dispatch.runInPlace(new Erf(), self());
  }

  default Tensor exp_() {
    return Dispatch.runInPlace(new Exp(), self());
  }

  default Tensor expm1_() {
    return Dispatch.runInPlace(new Expm1(), self());
  }

  default Tensor floor_() {
    return Dispatch.runInPlace(new Floor(), self());
  }

  default Tensor log_() {
    return Dispatch.runInPlace(new Log(), self());
  }

  default Tensor log10_() {
    return Dispatch.runInPlace(new Log10(), self());
  }

  default Tensor log1p_() {
    return Dispatch.runInPlace(new Log1p(), self());
  }

  default Tensor log2_() {
    return Dispatch.runInPlace(new Log2(), self());
  }

  default Tensor neg_() {
    return Dispatch.runInPlace(new Neg(), self());
  }

  default Tensor reciprocal_() {
    return Dispatch.runInPlace(new Reciprocal(), self());
  }

  default Tensor relu_() {
    return Dispatch.runInPlace(new Relu(), self());
  }

  default Tensor round_() {
    return Dispatch.runInPlace(new Round(), self());
  }

  default Tensor rsqrt_() {
    return Dispatch.runInPlace(new Rsqrt(), self());
  }

  default Tensor sigmoid_() {
    return Dispatch.runInPlace(new Sigmoid(), self());
  }

  default Tensor sign_() {
    return Dispatch.runInPlace(new Sign(), self());
  }

  default Tensor sin_() {
    return Dispatch.runInPlace(new Sin(), self());
  }

  default Tensor sinh_() {
    return Dispatch.runInPlace(new Sinh(), self());
  }

  default Tensor sqrt_() {
    return Dispatch.runInPlace(new Sqrt(), self());
  }

  default Tensor square_() {
    return Dispatch.runInPlace(new Square(), self());
  }

  default Tensor tan_() {
    return Dispatch.runInPlace(new Tan(), self());
  }

  default Tensor tanh_() {
    return Dispatch.runInPlace(new Tanh(), self());
  }

  default Tensor trunc_() {
    return Dispatch.runInPlace(new Trunc(), self());
  }

  default Tensor logicalNot_() {
    return Dispatch.runInPlace(new LogicalNot(), self());
  }

  default Tensor nanToNum_() {
    return Dispatch.runInPlace(Bounds.nanToNum(self().dtype(), null, null, null), self());
  }

  default Tensor lgamma_() {
    return Dispatch.runInPlace(new Lgamma(), self());
  }

  default Tensor digamma_() {
    return Dispatch.runInPlace(new Digamma(), self());
  }

  default Tensor erfinv_() {
    return Dispatch.runInPlace(new Erfinv(), self());
  }

  private Tensor self() {
    return (Tensor) this;
  }
}
