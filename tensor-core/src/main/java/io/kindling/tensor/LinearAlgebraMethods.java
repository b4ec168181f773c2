package io.kindling.tensor;

import io.kindling.ShapeException;
import io.kindling.memory.Scope;
import io.kindling.op.CastPolicy;
import io.kindling.op.Dispatch;
import io.kindling.op.matmul.MatMul;

/** Products of vectors and matrices; {@link Linalg} has the functions of {@code torch.linalg}. */
interface LinearAlgebraMethods {
  default Tensor matmul(Tensor other) {
    if (self().dim() == 0 || other.dim() == 0) {
      throw new ShapeException(
          "matmul: both tensors need a dimension, got " + self().shape() + " and " + other.shape());
    }
    if (self().dim() >= 2 && other.dim() >= 2) {
      return Dispatch.run(new MatMul(), self(), other);
    }
    return Scope.tidy(
        () -> {
          Tensor left = self().dim() == 1 ? self().unsqueeze(0) : self();
          Tensor right = other.dim() == 1 ? other.unsqueeze(1) : other;
          Tensor product = Dispatch.run(new MatMul(), left, right);
          Tensor rows = self().dim() == 1 ? product.squeeze(-2) : product;
          return other.dim() == 1 ? rows.squeeze(-1) : rows;
        });
  }

  /** A matrix {@code (n, k)} times a matrix {@code (k, m)}. */
  default Tensor mm(Tensor other) {
    return cast("mm", CastPolicy.LOWER_PRECISION, 2, other, 2);
  }

  /** Matrices {@code (b, n, k)} times matrices {@code (b, k, m)}. */
  default Tensor bmm(Tensor other) {
    if (self().dim() == 3 && other.dim() == 3 && self().size(0) != other.size(0)) {
      throw new ShapeException(
          "bmm: "
              + self().shape()
              + " and "
              + other.shape()
              + " differ in their number of matrices");
    }
    return cast("bmm", CastPolicy.LOWER_PRECISION, 3, other, 3);
  }

  /** A matrix {@code (n, k)} times a vector {@code (k)}. */
  default Tensor mv(Tensor vector) {
    return cast("mv", CastPolicy.NONE, 2, vector, 1);
  }

  /** The sum of the products of the elements of two vectors. */
  default Tensor dot(Tensor other) {
    return cast("dot", CastPolicy.NONE, 1, other, 1);
  }

  private Tensor cast(String name, CastPolicy policy, int rank, Tensor other, int otherRank) {
    return Dispatch.composed(
        name,
        policy,
        in -> ((LinearAlgebraMethods) in[0]).product(name, rank, in[1], otherRank),
        self(),
        other);
  }

  private Tensor product(String name, int rank, Tensor other, int otherRank) {
    Shape shape = self().shape();
    if (shape.rank() != rank || other.dim() != otherRank) {
      throw new ShapeException(
          name
              + ": expected tensors of "
              + rank
              + " and "
              + otherRank
              + " dimensions, got "
              + shape
              + " and "
              + other.shape()
              + "; matmul() takes others");
    }
    if (shape.size(-1) != other.size(otherRank == 1 ? 0 : -2)) {
      throw new ShapeException(
          name + ": shapes " + shape + " and " + other.shape() + " do not fit each other");
    }
    if (self().dtype() != other.dtype()) {
      throw Products.types(name, self(), other);
    }
    return matmul(other);
  }

  /** The products {@code (n, m)} of each element of a vector with each of another. */
  default Tensor outer(Tensor other) {
    if (self().dim() != 1 || other.dim() != 1) {
      throw new ShapeException(
          "outer: expected vectors, got " + self().shape() + " and " + other.shape());
    }
    return Scope.tidy(() -> self().unsqueeze(1).mul(other));
  }

  /** {@code this + a.mm(b)}. */
  default Tensor addmm(Tensor a, Tensor b) {
    return addmm(a, b, 1, 1);
  }

  /** {@code beta * this + alpha * a.mm(b)}; with beta 0 this tensor's values do not matter. */
  default Tensor addmm(Tensor a, Tensor b, double beta, double alpha) {
    return castAndPlus("addmm", a, b, 2, beta, alpha);
  }

  /** {@code this + a.bmm(b)}. */
  default Tensor baddbmm(Tensor a, Tensor b) {
    return baddbmm(a, b, 1, 1);
  }

  /** {@code beta * this + alpha * a.bmm(b)}; with beta 0 this tensor's values do not matter. */
  default Tensor baddbmm(Tensor a, Tensor b, double beta, double alpha) {
    return castAndPlus("baddbmm", a, b, 3, beta, alpha);
  }

  private Tensor castAndPlus(String name, Tensor a, Tensor b, int rank, double beta, double alpha) {
    return Dispatch.composed(
        name,
        CastPolicy.LOWER_PRECISION,
        in -> ((LinearAlgebraMethods) in[0]).plus(name, in[1], in[2], rank, beta, alpha),
        self(),
        a,
        b);
  }

  private Tensor plus(String name, Tensor a, Tensor b, int rank, double beta, double alpha) {
    if (rank == 3 && a.dim() == 3 && b.dim() == 3 && a.size(0) != b.size(0)) {
      throw new ShapeException(
          name + ": " + a.shape() + " and " + b.shape() + " differ in their number of matrices");
    }
    return Scope.tidy(
        () -> {
          Tensor product = ((LinearAlgebraMethods) a).product(name, rank, b, rank);
          if (self().dtype() != product.dtype()) {
            throw Products.types(name, self(), product);
          }
          Shape sum = Shape.broadcast(self().shape(), product.shape());
          if (!product.shape().equals(sum)) {
            throw new ShapeException(
                name + ": " + self().shape() + " does not expand to " + product.shape());
          }
          Tensor scaled = times(product, alpha);
          Tensor added = self().expand(product.shape().toArray());
          return beta == 0 ? scaled : times(added, beta).add(scaled);
        });
  }

  /** As in PyTorch, a number with a fraction loses it next to integers. */
  private static Tensor times(Tensor tensor, double number) {
    if (!tensor.dtype().isFloatingPoint()) {
      return tensor.mul((long) number);
    }
    return number == 1 ? tensor : tensor.mul(number);
  }

  /** Each element times the whole of another tensor, side by side: Kronecker's product. */
  default Tensor kron(Tensor other) {
    return Products.kron(self(), other);
  }

  /** The sum of a matrix's diagonal. */
  default Tensor trace() {
    if (self().dim() != 2) {
      throw new ShapeException("trace: expected a matrix, got " + self().shape());
    }
    return Dispatch.composed(
        "trace", CastPolicy.FLOAT32, in -> Scope.tidy(() -> in[0].diagonal().sum()), self());
  }

  /** Matrices {@code (..., M, N)} as {@code (..., N, M)}, a view. */
  default Tensor mT() {
    if (self().dim() < 2) {
      throw new ShapeException("mT: expected matrices (..., M, N), got " + self().shape());
    }
    return self().transpose(-2, -1);
  }

  /** See {@link Linalg#det}. */
  default Tensor det() {
    return Linalg.det(self());
  }

  /** The logarithms of the determinants; NaN where one is negative. */
  default Tensor logdet() {
    return Scope.tidy(
        () -> {
          Linalg.SlogdetResult result = Linalg.slogdet(self());
          Tensor negative = result.sign().lt(0);
          return result.logabsdet().maskedFill(negative, Double.NaN);
        });
  }

  /** See {@link Linalg#slogdet}. */
  default Linalg.SlogdetResult slogdet() {
    return Linalg.slogdet(self());
  }

  /** See {@link Linalg#inv}. */
  default Tensor inverse() {
    return Linalg.inv(self());
  }

  /** {@link Linalg#pinv}, where singular values up to 1e-15 of the largest count as 0. */
  default Tensor pinverse() {
    return pinverse(1e-15);
  }

  default Tensor pinverse(double rcond) {
    return Linalg.pinv(self(), 0, rcond);
  }

  /** See {@link Linalg#cholesky}. */
  default Tensor cholesky() {
    return Linalg.cholesky(self());
  }

  default Tensor cholesky(boolean upper) {
    return Linalg.cholesky(self(), upper);
  }

  /** See {@link Linalg#qr}. */
  default Linalg.QrResult qr() {
    return Linalg.qr(self());
  }

  /** See {@link Linalg#matrixPower}. */
  default Tensor matrixPower(int n) {
    return Linalg.matrixPower(self(), n);
  }

  /** See {@link Linalg#cross}. */
  default Tensor cross(Tensor other, int dim) {
    return Linalg.cross(self(), other, dim);
  }

  private Tensor self() {
    return (Tensor) this;
  }
}
