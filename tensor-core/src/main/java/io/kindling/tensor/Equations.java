package io.kindling.tensor;

import io.kindling.KindlingException;
import io.kindling.ShapeException;
import io.kindling.memory.Scope;
import io.kindling.op.CastPolicy;
import io.kindling.op.Dispatch;
import io.kindling.op.Op;
import io.kindling.op.linalg.Lstsq;
import io.kindling.op.linalg.Solve;
import io.kindling.op.linalg.SolveTriangular;
import io.kindling.tensor.Linalg.LstsqResult;
import java.util.List;

/**
 * Systems of linear equations, in all the forms that PyTorch takes them in: vectors or matrices on
 * the right, the unknown on either side. The operations know one form.
 */
final class Equations {
  private Equations() {}

  /** As {@link Linalg#solve(Tensor, Tensor, boolean)}. */
  static Tensor solve(Tensor a, Tensor b, boolean left) {
    Op solve = new Solve();
    if (isVector(a, b)) {
      if (!left) {
        throw new ShapeException(
            "linalg.solve: X A = B needs matrices B (..., K, N), got vectors "
                + b.shape()
                + "; unsqueeze(-2) them");
      }
      return Scope.tidy(() -> Dispatch.run(solve, a, b.unsqueeze(-1)).squeeze(-1));
    }
    if (left) {
      return Dispatch.run(solve, a, b);
    }
    checkMatrices("linalg.solve", a, b);
    return Scope.tidy(() -> Dispatch.run(solve, a.mT(), b.mT()).mT());
  }

  /** As {@link Linalg#solveTriangular(Tensor, Tensor, boolean, boolean, boolean)}. */
  static Tensor solveTriangular(
      Tensor a, Tensor b, boolean upper, boolean left, boolean unitriangular) {
    if (left) {
      return Dispatch.run(new SolveTriangular(upper, unitriangular), a, b);
    }
    checkMatrices("linalg.solveTriangular", a, b);
    Op solve = new SolveTriangular(!upper, unitriangular);
    return Scope.tidy(() -> Dispatch.run(solve, a.mT(), b.mT()).mT());
  }

  /** As {@link Linalg#lstsq(Tensor, Tensor, double, String)}. */
  static LstsqResult lstsq(Tensor a, Tensor b, double rcond, String driver) {
    if (!List.of("gels", "gelsy", "gelsd", "gelss").contains(driver)) {
      throw new KindlingException(
          "linalg.lstsq: no driver '" + driver + "'; there are gels, gelsy, gelsd and gelss");
    }
    return Dispatch.composed(
        "linalg.lstsq", CastPolicy.FLOAT32, in -> leastSquares(in[0], in[1], rcond, driver), a, b);
  }

  private static LstsqResult leastSquares(Tensor a, Tensor b, double rcond, String driver) {
    boolean vector = isVector(a, b);
    try (Scope scope = Scope.open()) {
      Tensor right = vector ? b.unsqueeze(-1) : b;
      Tensor[] results = Dispatch.runAll(new Lstsq(rcond), a, right);
      boolean withValues = driver.equals("gelsd") || driver.equals("gelss");
      Tensor rank = results[1];
      boolean full = withValues ? rank.eq(a.size(-1)).all().item() != 0 : driver.equals("gels");
      Tensor residuals =
          full && a.size(-2) > a.size(-1)
              ? right.sub(a.matmul(results[0])).square().sum(-2)
              : results[0].reshape(-1).narrow(0, 0, 0);
      Tensor values =
          withValues ? Linalg.svdvals(a) : Tensor.empty(Shape.of(0), a.dtype(), a.device());
      if (driver.equals("gels")) {
        rank = Tensor.empty(Shape.of(0), DType.INT64, a.device());
      }
      return new LstsqResult(
          scope.keep(vector ? results[0].squeeze(-1) : results[0]),
          scope.keep(residuals),
          scope.keep(rank),
          scope.keep(values));
    }
  }

  /** Whether PyTorch takes B for vectors. */
  private static boolean isVector(Tensor a, Tensor b) {
    return b.dim() == 1
        || (a.dim() > 0 && a.dim() - 1 == b.dim() && b.shape().equals(a.shape().without(-1)));
  }

  private static void checkMatrices(String name, Tensor a, Tensor b) {
    if (a.dim() < 2 || b.dim() < 2) {
      throw new ShapeException(
          name
              + ": expected matrices (..., N, N) and (..., K, N), got "
              + a.shape()
              + " and "
              + b.shape());
    }
  }
}
