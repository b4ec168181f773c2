package io.kindling.tensor;

import io.kindling.ShapeException;
import io.kindling.memory.Scope;
import io.kindling.op.Dispatch;
import io.kindling.op.matmul.MatMul;

/** Products of vectors and matrices. */
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
    return product("mm", 2, other, 2);
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
    return product("bmm", 3, other, 3);
  }

  /** A matrix {@code (n, k)} times a vector {@code (k)}. */
  default Tensor mv(Tensor vector) {
    return product("mv", 2, vector, 1);
  }

  /** The sum of the products of the elements of two vectors. */
  default Tensor dot(Tensor other) {
    return product("dot", 1, other, 1);
  }

  private Tensor product(String name, int rank, Tensor other, int otherRank) {
    if (self().dim() != rank || other.dim() != otherRank) {
      throw new ShapeException(
          name
              + ": expected tensors of "
              + rank
              + " and "
              + otherRank
              + " dimensions, got "
              + self().shape()
              + " and "
              + other.shape()
              + "; matmul() takes others");
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
    return Scope.tidy(
        () -> {
          Tensor product = a.mm(b);
          Tensor scaled = alpha == 1 ? product : product.mul(alpha);
          Tensor added = self().expand(product.shape().toArray());
          if (beta == 0) {
            return scaled;
          }
          return (beta == 1 ? added : added.mul(beta)).add(scaled);
        });
  }

  private Tensor self() {
    return (Tensor) this;
  }
}
