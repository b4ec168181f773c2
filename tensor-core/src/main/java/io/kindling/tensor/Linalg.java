package io.kindling.tensor;

import io.kindling.DTypeException;
import io.kindling.KindlingException;
import io.kindling.ShapeException;
import io.kindling.memory.Scope;
import io.kindling.op.CastPolicy;
import io.kindling.op.Dispatch;
import io.kindling.op.linalg.Cholesky;
import io.kindling.op.linalg.Det;
import io.kindling.op.linalg.Eigh;
import io.kindling.op.linalg.Eigvalsh;
import io.kindling.op.linalg.Inv;
import io.kindling.op.linalg.Pinv;
import io.kindling.op.linalg.Qr;
import io.kindling.op.linalg.QrMode;
import io.kindling.op.linalg.Slogdet;
import io.kindling.op.linalg.Svd;
import io.kindling.op.linalg.Svdvals;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Linear algebra, as PyTorch's {@code torch.linalg}: matrices are the last two dimensions of
 * tensors of float32 or float64, those before them a batch. Every function has gradients, and
 * gradients of gradients. LAPACK calculates in double precision for both types.
 *
 * <p>Functions fail with a {@link ShapeException} or {@link DTypeException} where PyTorch refuses
 * the call, and with a {@link io.kindling.LinAlgException} where the values of a matrix do: it is
 * singular, not positive-definite, or NaN.
 */
public final class Linalg {
  private Linalg() {}

  /**
   * A singular value decomposition {@code A = U diag(S) Vh}.
   *
   * @param s from the largest to the smallest
   */
  public record SvdResult(Tensor u, Tensor s, Tensor vh) {}

  /** {@code A = Q R}. */
  public record QrResult(Tensor q, Tensor r) {}

  /** {@code A = V diag(L) V^T}, from the smallest eigenvalue to the largest. */
  public record EighResult(Tensor eigenvalues, Tensor eigenvectors) {}

  /** The determinant is {@code sign * exp(logabsdet)}. */
  public record SlogdetResult(Tensor sign, Tensor logabsdet) {}

  /**
   * A least-squares solution.
   *
   * @param residuals {@code (..., K)}, the squared distances of A X from B; empty with the default
   *     driver, or unless A has more rows than columns and full rank
   * @param rank {@code (...)}, as int64
   * @param singularValues {@code (..., min(M, N))}; empty with the default driver
   */
  public record LstsqResult(
      Tensor solution, Tensor residuals, Tensor rank, Tensor singularValues) {}

  // ---- determinants, inverses, equations

  /** The determinants {@code (...)} of {@code (..., N, N)}. */
  public static Tensor det(Tensor a) {
    return Dispatch.run(new Det(), a);
  }

  /** The determinants' signs and the logarithms of their absolute values. */
  public static SlogdetResult slogdet(Tensor a) {
    Tensor[] results = Dispatch.runAll(new Slogdet(), a);
    return new SlogdetResult(results[0], results[1]);
  }

  /** The inverses of {@code (..., N, N)}. */
  public static Tensor inv(Tensor a) {
    return Dispatch.run(new Inv(), a);
  }

  /** The pseudoinverses {@code (..., N, M)} of {@code (..., M, N)}. */
  public static Tensor pinv(Tensor a) {
    return pinv(a, 0, defaultTolerance(a));
  }

  /** As {@link #pinv(Tensor)}: singular values up to max(atol, rtol * the largest) count as 0. */
  public static Tensor pinv(Tensor a, double atol, double rtol) {
    return Dispatch.run(new Pinv(atol, rtol), a);
  }

  /**
   * X with {@code A X = B}, for {@code A (..., N, N)}. B is a batch of vectors if it has one
   * dimension, or the shape of A without its last; else of matrices {@code (..., N, K)}.
   */
  public static Tensor solve(Tensor a, Tensor b) {
    return solve(a, b, true);
  }

  /** As {@link #solve(Tensor, Tensor)}, or X with {@code X A = B} if not {@code left}. */
  public static Tensor solve(Tensor a, Tensor b, boolean left) {
    return Equations.solve(a, b, left);
  }

  /** X with {@code A X = B} for triangular A, of which one triangle is read. */
  public static Tensor solveTriangular(Tensor a, Tensor b, boolean upper) {
    return solveTriangular(a, b, upper, true, false);
  }

  /**
   * As {@link #solveTriangular(Tensor, Tensor, boolean)}.
   *
   * @param left false for {@code X A = B}
   * @param unitriangular whether A's diagonal is taken for ones
   */
  public static Tensor solveTriangular(
      Tensor a, Tensor b, boolean upper, boolean left, boolean unitriangular) {
    return Equations.solveTriangular(a, b, upper, left, unitriangular);
  }

  /**
   * The X that minimises {@code |A X - B|}, for {@code A (..., M, N)} and {@code B (..., M, K)}.
   */
  public static LstsqResult lstsq(Tensor a, Tensor b) {
    return lstsq(a, b, defaultTolerance(a));
  }

  public static LstsqResult lstsq(Tensor a, Tensor b, double rcond) {
    return lstsq(a, b, rcond, "gelsy");
  }

  public static LstsqResult lstsq(Tensor a, Tensor b, String driver) {
    return lstsq(a, b, defaultTolerance(a), driver);
  }

  /**
   * As {@link #lstsq(Tensor, Tensor)}; A may have any rank. B may also be vectors, as in {@link
   * #solve(Tensor, Tensor)}. The gradient is right where the rank is full.
   *
   * @param rcond columns that add less than this fraction count as dependent
   * @param driver which results there are besides the solution, as in PyTorch; the algorithm is
   *     always gelsy's. "gelsy", the default, gives the rank; "gels" the residuals; "gelsd" and
   *     "gelss" both, and the singular values
   */
  public static LstsqResult lstsq(Tensor a, Tensor b, double rcond, String driver) {
    return Equations.lstsq(a, b, rcond, driver);
  }

  // ---- factorisations

  /** The lower triangular L with {@code L L^T = A}, for symmetric positive-definite A. */
  public static Tensor cholesky(Tensor a) {
    return cholesky(a, false);
  }

  /** As {@link #cholesky(Tensor)}, or the upper triangular U with {@code U^T U = A}. */
  public static Tensor cholesky(Tensor a, boolean upper) {
    return Dispatch.run(new Cholesky(upper), a);
  }

  /** {@code A (..., M, N)} as Q with orthonormal columns times upper triangular R, reduced. */
  public static QrResult qr(Tensor a) {
    return qr(a, QrMode.REDUCED);
  }

  public static QrResult qr(Tensor a, QrMode mode) {
    Tensor[] results = Dispatch.runAll(new Qr(mode), a);
    return new QrResult(results[0], results[1]);
  }

  /** {@code A (..., M, N) = U diag(S) Vh}, U and Vh square, as PyTorch's default. */
  public static SvdResult svd(Tensor a) {
    return svd(a, true);
  }

  /** As {@link #svd(Tensor)}; U and Vh are {@code (M, K)} and {@code (K, N)} if not full. */
  public static SvdResult svd(Tensor a, boolean fullMatrices) {
    Tensor[] results = Dispatch.runAll(new Svd(fullMatrices), a);
    return new SvdResult(results[0], results[1], results[2]);
  }

  /** The singular values {@code (..., K)}, from the largest to the smallest. */
  public static Tensor svdvals(Tensor a) {
    return Dispatch.run(new Svdvals(), a);
  }

  /** Eigenvalues and eigenvectors of symmetric matrices, of which the lower triangle is read. */
  public static EighResult eigh(Tensor a) {
    return eigh(a, "L");
  }

  /**
   * As {@link #eigh(Tensor)}.
   *
   * @param uplo which triangle is read: "L" or "U"
   */
  public static EighResult eigh(Tensor a, String uplo) {
    Tensor[] results = Dispatch.runAll(new Eigh(isUpper("linalg.eigh", uplo)), a);
    return new EighResult(results[0], results[1]);
  }

  /** The eigenvalues of symmetric matrices, of which the lower triangle is read. */
  public static Tensor eigvalsh(Tensor a) {
    return eigvalsh(a, "L");
  }

  public static Tensor eigvalsh(Tensor a, String uplo) {
    return Dispatch.run(new Eigvalsh(isUpper("linalg.eigvalsh", uplo)), a);
  }

  private static boolean isUpper(String name, String uplo) {
    if (!uplo.equalsIgnoreCase("L") && !uplo.equalsIgnoreCase("U")) {
      throw new KindlingException(
          name + ": no triangle '" + uplo + "'; there are \"L\", the lower, and \"U\"");
    }
    return uplo.equalsIgnoreCase("U");
  }

  /** How many singular values are larger than the default of {@link #pinv(Tensor)}, as int64. */
  public static Tensor matrixRank(Tensor a) {
    return matrixRank(a, 0, defaultTolerance(a));
  }

  /** How many singular values are larger than max(atol, rtol * the largest), as int64. */
  public static Tensor matrixRank(Tensor a, double atol, double rtol) {
    return MatrixRank.of(a, atol, rtol);
  }

  // ---- norms

  /** The Euclidean norm of all elements. */
  public static Tensor norm(Tensor a) {
    return vectorNorm(a);
  }

  /** The norm of a vector, or the {@link #matrixNorm} of a matrix, of an order. */
  public static Tensor norm(Tensor a, double order) {
    checkNormed(a);
    return a.dim() == 1 ? vectorNorm(a, order) : matrixNorm(a, order);
  }

  /** {@code "fro"} or {@code "nuc"} of a matrix. */
  public static Tensor norm(Tensor a, String order) {
    checkNormed(a);
    return matrixNorm(a, order);
  }

  public static Tensor norm(Tensor a, double order, int... dim) {
    return norm(a, order, dim, false);
  }

  /** Of vectors along one dimension, or of matrices in two. */
  public static Tensor norm(Tensor a, double order, int[] dim, boolean keepDim) {
    if (dim.length != 1 && dim.length != 2) {
      throw new ShapeException("linalg.norm: expected 1 or 2 dims, got " + Arrays.toString(dim));
    }
    return dim.length == 1
        ? vectorNorm(a, order, dim, keepDim)
        : matrixNorm(a, order, dim, keepDim);
  }

  public static Tensor norm(Tensor a, String order, int... dim) {
    return norm(a, order, dim, false);
  }

  /** {@code "fro"} or {@code "nuc"} of matrices in two dimensions. */
  public static Tensor norm(Tensor a, String order, int[] dim, boolean keepDim) {
    return matrixNorm(a, order, dim, keepDim);
  }

  private static void checkNormed(Tensor a) {
    if (a.dim() != 1 && a.dim() != 2) {
      throw new ShapeException(
          "linalg.norm: with an order and no dims the tensor must have 1 or 2 dimensions, got "
              + a.shape()
              + "; name the dims");
    }
  }

  /** The Euclidean norm of all elements. */
  public static Tensor vectorNorm(Tensor a) {
    return vectorNorm(a, 2);
  }

  public static Tensor vectorNorm(Tensor a, double order, int... dim) {
    return vectorNorm(a, order, dim, false);
  }

  /**
   * {@code sum(|x|^p)^(1/p)} for order p over some dimensions, or all if there are none: the
   * largest absolute value for infinity, the smallest for minus infinity, the number of elements
   * that are not 0 for 0.
   */
  public static Tensor vectorNorm(Tensor a, double order, int[] dim, boolean keepDim) {
    return MatrixNorm.ofVectors(a, order, dim == null ? new int[0] : dim, keepDim);
  }

  /** The Frobenius norms {@code (...)} of matrices {@code (..., M, N)}. */
  public static Tensor matrixNorm(Tensor a) {
    return matrixNorm(a, "fro");
  }

  public static Tensor matrixNorm(Tensor a, String order) {
    return matrixNorm(a, order, new int[] {-2, -1}, false);
  }

  /**
   * {@code "fro"}, or {@code "nuc"}, the sum of the singular values.
   *
   * @param dim the dimensions of the matrices' rows and columns
   */
  public static Tensor matrixNorm(Tensor a, String order, int[] dim, boolean keepDim) {
    return MatrixNorm.of(a, order, dim, keepDim);
  }

  public static Tensor matrixNorm(Tensor a, double order) {
    return matrixNorm(a, order, new int[] {-2, -1}, false);
  }

  /**
   * The norm of an order: 1 and -1 are the largest and smallest sum of absolute values of a column,
   * the infinities those of a row, 2 and -2 the largest and smallest singular value.
   *
   * @param dim the dimensions of the matrices' rows and columns
   */
  public static Tensor matrixNorm(Tensor a, double order, int[] dim, boolean keepDim) {
    return MatrixNorm.of(a, order, dim, keepDim);
  }

  // ---- products

  /** The diagonals of matrices, as a view. */
  public static Tensor diagonal(Tensor a) {
    check("linalg.diagonal", a, 2);
    return a.diagonal(0, -2, -1);
  }

  /** {@code A^n} of {@code (..., N, N)}; a negative n takes the inverse's. */
  public static Tensor matrixPower(Tensor a, int n) {
    return Products.power(a, n);
  }

  /** The product of several matrices in the cheapest order; the first and last may be vectors. */
  public static Tensor multiDot(List<Tensor> tensors) {
    return Products.chain(new ArrayList<>(tensors));
  }

  /** The sums {@code (...)} of the products of vectors' elements along the last dimension. */
  public static Tensor vecdot(Tensor a, Tensor b) {
    return vecdot(a, b, -1);
  }

  public static Tensor vecdot(Tensor a, Tensor b, int dim) {
    MatrixNorm.checkFloating("linalg.vecdot", a);
    MatrixNorm.checkFloating("linalg.vecdot", b);
    Products.checkBroadcast("linalg.vecdot", a, b);
    return Dispatch.composed(
        "linalg.vecdot",
        CastPolicy.LOWER_PRECISION,
        in -> Scope.tidy(() -> in[0].mul(in[1]).sum(dim)),
        a,
        b);
  }

  /** The cross products of vectors of 3 elements along the last dimension. */
  public static Tensor cross(Tensor a, Tensor b) {
    return cross(a, b, -1);
  }

  public static Tensor cross(Tensor a, Tensor b, int dim) {
    return Products.cross(a, b, dim);
  }

  static void check(String name, Tensor a, int dimensions) {
    if (a.dim() < dimensions) {
      throw new ShapeException(name + ": expected matrices (..., M, N), got " + a.shape());
    }
  }

  /** PyTorch's default of {@code rtol} and {@code rcond}. */
  private static double defaultTolerance(Tensor a) {
    double unit = a.dtype() == DType.FLOAT64 ? Math.ulp(1.0) : Math.ulp(1f);
    return a.dim() < 2 ? unit : unit * Math.max(a.size(-1), a.size(-2));
  }
}
