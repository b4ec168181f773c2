package io.kindling.tensor;

import io.kindling.ShapeException;
import io.kindling.op.Op;
import java.util.Arrays;

/** Copies with the elements in other places. */
interface RearrangingMethods {
  /** A copy, repeated along each dimension; more numbers than dimensions add leading ones. */
  default Tensor repeat(long... times) {
    return Composite.run("repeat", () -> Rearrangement.repeat(self(), times));
  }

  /** As {@link #repeat}, but fewer numbers than dimensions repeat the last ones. */
  default Tensor tile(long... times) {
    long[] all = new long[Math.max(self().dim(), times.length)];
    Arrays.fill(all, 1);
    System.arraycopy(times, 0, all, all.length - times.length, times.length);
    return Composite.run("tile", () -> Rearrangement.repeat(self(), all));
  }

  /** A copy with dimensions in reverse order of their elements. */
  default Tensor flip(int... dims) {
    return Composite.run("flip", () -> Rearrangement.flip(self(), dims));
  }

  /** A copy with the elements of a dimension moved on, the last ones to the front. */
  default Tensor roll(long shift, int dim) {
    return Composite.run("roll", () -> Rearrangement.roll(self(), shift, dim));
  }

  /** As {@link #roll(long, int)}, of the elements in row-major order. */
  default Tensor roll(long shift) {
    return Composite.run(
        "roll",
        () -> Rearrangement.roll(self().flatten(), shift, 0).view(self().shape().toArray()));
  }

  /** As {@link #roll(long, int)}, in several dimensions. */
  default Tensor roll(long[] shifts, int[] dims) {
    if (shifts.length != dims.length || shifts.length == 0) {
      throw new ShapeException(
          "roll: " + shifts.length + " shifts do not fit " + dims.length + " dimensions");
    }
    return Composite.run(
        "roll",
        () -> {
          Tensor rolled = self();
          for (int i = 0; i < dims.length; i++) {
            rolled = Rearrangement.roll(rolled, shifts[i], dims[i]);
          }
          return rolled;
        });
  }

  default Tensor fliplr() {
    return twoSided("fliplr", 2).flip(1);
  }

  default Tensor flipud() {
    return twoSided("flipud", 1).flip(0);
  }

  private Tensor twoSided(String name, int rank) {
    if (self().dim() < rank) {
      throw new ShapeException(
          name + ": expected at least " + rank + " dimensions, got " + self().shape());
    }
    return self();
  }

  default Tensor rot90() {
    return rot90(1, 0, 1);
  }

  /** A copy turned {@code times} quarters from the first dimension towards the second. */
  default Tensor rot90(long times, int... dims) {
    if (dims.length == 0) {
      return rot90(times, 0, 1);
    }
    if (dims.length != 2) {
      throw new ShapeException("rot90: expected two dimensions, got " + dims.length);
    }
    return Composite.run("rot90", () -> Rearrangement.rot90(self(), times, dims[0], dims[1]));
  }

  /** Each element of a dimension {@code times} times, one after the other. */
  default Tensor repeatInterleave(long times, int dim) {
    return Composite.run(
        "repeatInterleave", () -> Rearrangement.repeatInterleave(self(), new long[] {times}, dim));
  }

  /** As {@link #repeatInterleave(long, int)}, of the elements in row-major order. */
  default Tensor repeatInterleave(long times) {
    return Composite.run(
        "repeatInterleave",
        () -> Rearrangement.repeatInterleave(self().flatten(), new long[] {times}, 0));
  }

  /** As {@link #repeatInterleave(long, int)}, with a number for each element, or one for all. */
  default Tensor repeatInterleave(Tensor times, int dim) {
    Op.checkType("repeatInterleave", times, DType.INT64, DType.INT32);
    return Composite.run(
        "repeatInterleave", () -> Rearrangement.repeatInterleave(self(), times.toLongArray(), dim));
  }

  default Tensor repeatInterleave(Tensor times) {
    return Composite.run("repeatInterleave", () -> self().flatten().repeatInterleave(times, 0));
  }

  /** The last dimension on the diagonal of a new matrix of the last two. */
  default Tensor diagEmbed() {
    return diagEmbed(0, -2, -1);
  }

  default Tensor diagEmbed(long offset) {
    return diagEmbed(offset, -2, -1);
  }

  default Tensor diagEmbed(long offset, int dim1, int dim2) {
    return Composite.run("diagEmbed", () -> Rearrangement.diagEmbed(self(), offset, dim1, dim2));
  }

  /** A copy with one element of a dimension replaced. */
  default Tensor selectScatter(Tensor source, int dim, long index) {
    return Composite.run(
        "selectScatter",
        () -> Rearrangement.replaced("selectScatter", self(), source, x -> x.select(dim, index)));
  }

  /**
   * A copy with a part of a dimension replaced.
   *
   * @param start null for the dimension's start
   * @param end null for its end
   */
  default Tensor sliceScatter(Tensor source, int dim, Long start, Long end, long step) {
    return Composite.run(
        "sliceScatter",
        () -> {
          Index part = Index.range(start == null ? 0 : start, end == null ? Long.MAX_VALUE : end);
          return Rearrangement.replaced(
              "sliceScatter",
              self(),
              source,
              x -> x.slice(dim, part.first(x.size(dim)), part.last(x.size(dim)), step));
        });
  }

  /** As {@link #sliceScatter(Tensor, int, Long, Long, long)}, of neighbours. */
  default Tensor sliceScatter(Tensor source, int dim, long start, long end) {
    return sliceScatter(source, dim, start, end, 1);
  }

  /** A copy with a diagonal replaced. */
  default Tensor diagonalScatter(Tensor source, long offset, int dim1, int dim2) {
    return Composite.run(
        "diagonalScatter",
        () ->
            Rearrangement.replaced(
                "diagonalScatter", self(), source, x -> x.diagonal(offset, dim1, dim2)));
  }

  default Tensor diagonalScatter(Tensor source) {
    return diagonalScatter(source, 0, 0, 1);
  }

  default Tensor tril() {
    return tril(0);
  }

  /** Zeros above a diagonal of the matrices of the last two dimensions. */
  default Tensor tril(long diagonal) {
    return Composite.run("tril", () -> Rearrangement.triangle(self(), diagonal, false));
  }

  default Tensor tril_() {
    return tril_(0);
  }

  default Tensor tril_(long diagonal) {
    return Composite.run("tril", () -> self().copy_(tril(diagonal)));
  }

  default Tensor triu_() {
    return triu_(0);
  }

  default Tensor triu_(long diagonal) {
    return Composite.run("triu", () -> self().copy_(triu(diagonal)));
  }

  default Tensor triu() {
    return triu(0);
  }

  /** Zeros below a diagonal of the matrices of the last two dimensions. */
  default Tensor triu(long diagonal) {
    return Composite.run("triu", () -> Rearrangement.triangle(self(), diagonal, true));
  }

  default Tensor diag() {
    return diag(0);
  }

  /** A matrix with this vector on a diagonal; of a matrix, a copy of the diagonal. */
  default Tensor diag(long diagonal) {
    if (self().dim() < 1 || self().dim() > 2) {
      throw new ShapeException("diag: expected one dimension or two, got " + self().shape());
    }
    return Composite.run(
        "diag",
        () ->
            self().dim() == 2
                ? self().diagonal(diagonal, 0, 1).clone()
                : Rearrangement.onDiagonal(self(), diagonal));
  }

  private Tensor self() {
    return (Tensor) this;
  }
}
