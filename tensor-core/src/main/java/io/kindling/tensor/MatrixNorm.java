package io.kindling.tensor;

import io.kindling.DTypeException;
import io.kindling.ShapeException;
import io.kindling.memory.Scope;

/** Norms of vectors and matrices, with {@code torch.linalg}'s checks. */
final class MatrixNorm {
  private MatrixNorm() {}

  static Tensor ofVectors(Tensor a, double p, int[] dims, boolean keepDim) {
    checkFloating("linalg.vectorNorm", a);
    if ((p < 0 || p == Double.POSITIVE_INFINITY) && reducesNothing(a, dims)) {
      throw new ShapeException(
          "linalg.vectorNorm: the norm of order "
              + p
              + " of no elements is undefined, got "
              + a.shape());
    }
    return a.norm(p, dims, keepDim);
  }

  private static boolean reducesNothing(Tensor a, int[] dims) {
    boolean nothing = dims.length == 0 && a.numel() == 0;
    for (int dim : dims) {
      nothing |= a.dim() > 0 && a.size(dim) == 0;
    }
    return nothing;
  }

  static Tensor of(Tensor a, String order, int[] dims, boolean keepDim) {
    check(a, dims);
    int rows = dims[0];
    int columns = dims[1];
    return switch (order) {
      case "fro" -> a.norm(2, dims, keepDim);
      case "nuc" -> Scope.tidy(() -> ofValues(a, keepDim, rows, columns, s -> s.sum(-1)));
      default ->
          throw new ShapeException(
              "linalg.matrixNorm: no order '" + order + "'; there are \"fro\" and \"nuc\"");
    };
  }

  static Tensor of(Tensor a, double p, int[] dims, boolean keepDim) {
    check(a, dims);
    int row = a.shape().dim(dims[0]);
    int column = a.shape().dim(dims[1]);
    double size = Math.abs(p);
    if (size != 1 && size != 2 && size != Double.POSITIVE_INFINITY) {
      throw new ShapeException(
          "linalg.matrixNorm: no order "
              + p
              + "; there are 1, 2, infinity, their negatives, \"fro\" and \"nuc\"");
    }
    if (a.size(size == 1 ? column : row) == 0 || (size == 2 && a.size(column) == 0)) {
      throw new ShapeException(
          "linalg.matrixNorm: the norm of order "
              + p
              + " of matrices without "
              + (size == 1 ? "columns" : "rows")
              + " is undefined, got "
              + a.shape());
    }
    if (size == 2) {
      return Scope.tidy(() -> ofValues(a, keepDim, row, column, s -> extreme(s, p > 0, false, -1)));
    }
    int summed = size == 1 ? row : column;
    int kept = size == 1 ? column : row;
    // The sum keeps its dimension, so that the other's number stays.
    return Scope.tidy(
        () -> {
          Tensor sums = a.abs().sum(summed, true);
          Tensor norm = extreme(sums, p > 0, true, kept);
          return keepDim ? norm : dropped(norm, row, column);
        });
  }

  private static Tensor dropped(Tensor norm, int first, int second) {
    return norm.squeeze(Math.max(first, second)).squeeze(Math.min(first, second));
  }

  private static Tensor extreme(Tensor values, boolean largest, boolean keepDim, int dim) {
    return largest ? values.amax(dim, keepDim) : values.amin(dim, keepDim);
  }

  /** What becomes of the singular values {@code (..., K)}. */
  private static Tensor ofValues(
      Tensor a,
      boolean keepDim,
      int rows,
      int columns,
      java.util.function.UnaryOperator<Tensor> function) {
    int row = a.shape().dim(rows);
    int column = a.shape().dim(columns);
    Tensor matrices = a.movedim(new int[] {row, column}, new int[] {-2, -1});
    Tensor norm = function.apply(Linalg.svdvals(matrices));
    return keepDim ? norm.unsqueeze(Math.min(row, column)).unsqueeze(Math.max(row, column)) : norm;
  }

  private static void check(Tensor a, int[] dims) {
    checkFloating("linalg.matrixNorm", a);
    if (a.dim() < 2) {
      throw new ShapeException(
          "linalg.matrixNorm: expected matrices (..., M, N), got " + a.shape());
    }
    if (dims.length != 2 || a.shape().dim(dims[0]) == a.shape().dim(dims[1])) {
      throw new ShapeException(
          "linalg.matrixNorm: expected two different dims of "
              + a.shape()
              + ", got "
              + java.util.Arrays.toString(dims));
    }
  }

  static void checkFloating(String name, Tensor a) {
    if (!a.dtype().isFloatingPoint()) {
      throw new DTypeException(
          name + ": expected a floating type, got " + a.dtype() + "; convert with to()");
    }
  }
}
