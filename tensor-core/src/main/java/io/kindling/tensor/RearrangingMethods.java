package io.kindling.tensor;

import io.kindling.ShapeException;
import io.kindling.memory.Scope;
import java.util.Arrays;

/** Copies with the elements in other places. */
interface RearrangingMethods {
  /** A copy, repeated along each dimension; more numbers than dimensions add leading ones. */
  default Tensor repeat(long... times) {
    return Scope.tidy(() -> Rearrangement.repeat(self(), times));
  }

  /** As {@link #repeat}, but fewer numbers than dimensions repeat the last ones. */
  default Tensor tile(long... times) {
    long[] all = new long[Math.max(self().dim(), times.length)];
    Arrays.fill(all, 1);
    System.arraycopy(times, 0, all, all.length - times.length, times.length);
    return repeat(all);
  }

  /** A copy with dimensions in reverse order of their elements. */
  default Tensor flip(int... dims) {
    return Scope.tidy(() -> Rearrangement.flip(self(), dims));
  }

  /** A copy with the elements of a dimension moved on, the last ones to the front. */
  default Tensor roll(long shift, int dim) {
    return Scope.tidy(() -> Rearrangement.roll(self(), shift, dim));
  }

  default Tensor tril() {
    return tril(0);
  }

  /** Zeros above a diagonal of the matrices of the last two dimensions. */
  default Tensor tril(long diagonal) {
    return Scope.tidy(() -> Rearrangement.triangle(self(), diagonal, false));
  }

  default Tensor triu() {
    return triu(0);
  }

  /** Zeros below a diagonal of the matrices of the last two dimensions. */
  default Tensor triu(long diagonal) {
    return Scope.tidy(() -> Rearrangement.triangle(self(), diagonal, true));
  }

  default Tensor diag() {
    return diag(0);
  }

  /** A matrix with this vector on a diagonal; of a matrix, a copy of the diagonal. */
  default Tensor diag(long diagonal) {
    if (self().dim() < 1 || self().dim() > 2) {
      throw new ShapeException("diag: expected one dimension or two, got " + self().shape());
    }
    return Scope.tidy(
        () ->
            self().dim() == 2
                ? self().diagonal(diagonal, 0, 1).clone()
                : Rearrangement.onDiagonal(self(), diagonal));
  }

  private Tensor self() {
    return (Tensor) this;
  }
}
