package io.kindling.tensor;

import io.kindling.DTypeException;
import io.kindling.memory.Scope;
import io.kindling.op.CastPolicy;
import io.kindling.op.Dispatch;

/** How many singular values of a matrix count. */
final class MatrixRank {
  private MatrixRank() {}

  /** As {@link Linalg#matrixRank(Tensor, double, double)}. */
  static Tensor of(Tensor a, double atol, double rtol) {
    return Dispatch.composed(
        "linalg.matrixRank", CastPolicy.FLOAT32, in -> rank(in[0], atol, rtol), a);
  }

  private static Tensor rank(Tensor a, double atol, double rtol) {
    Linalg.check("linalg.matrixRank", a, 2);
    if (a.dtype() != DType.FLOAT32 && a.dtype() != DType.FLOAT64) {
      throw new DTypeException(
          "linalg.matrixRank: expected float32 or float64, got "
              + a.dtype()
              + "; convert with to()");
    }
    return Scope.tidy(
        () -> {
          Tensor s = Linalg.svdvals(a.detach());
          if (s.size(-1) == 0) {
            return Tensor.zeros(s.shape().without(-1), DType.INT64, a.device());
          }
          Tensor least = s.amax(-1, true).mul(rtol).clamp(atol, Double.POSITIVE_INFINITY);
          return s.gt(least).sum(-1);
        });
  }
}
