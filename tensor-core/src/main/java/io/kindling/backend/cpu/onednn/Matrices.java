package io.kindling.backend.cpu.onednn;

import io.kindling.tensor.Layout;
import java.util.Arrays;
import java.util.Comparator;

/**
 * Sizes and strides of matrices {@code (..., rows, columns)} as oneDNN wants them: dimensions that
 * repeat have size 1, and strides that mean nothing have the value of a dense matrix.
 */
record Matrices(long[] sizes, long[] strides) {
  /** The layout with leading dimensions added up to {@code rank}. */
  static Matrices of(Layout layout, int rank) {
    long[] sizes = new long[rank];
    long[] strides = new long[rank];
    int added = rank - layout.rank();
    for (int dim = 0; dim < rank; dim++) {
      boolean repeats = dim < added || dim < rank - 2 && layout.stride(dim - added) == 0;
      sizes[dim] = repeats ? 1 : layout.size(dim - added);
      strides[dim] = repeats ? 0 : layout.stride(dim - added);
    }
    int rows = rank - 2;
    int columns = rank - 1;
    if (sizes[columns] == 1) {
      strides[columns] = 1;
      strides[rows] = sizes[rows] == 1 ? 1 : strides[rows];
    } else if (sizes[rows] == 1) {
      strides[rows] = strides[columns] == 1 ? sizes[columns] : 1;
    }
    long reach = 1;
    for (int dim = 0; dim < rank; dim++) {
      reach = Math.max(reach, sizes[dim] * strides[dim]);
    }
    for (int dim = 0; dim < rows; dim++) {
      strides[dim] = sizes[dim] == 1 ? reach : strides[dim];
    }
    return new Matrices(sizes, strides);
  }

  /** Whether rows or columns are adjacent in memory and no two elements share a place. */
  boolean isPlain() {
    int rank = sizes.length;
    if (strides[rank - 1] != 1 && strides[rank - 2] != 1) {
      return false;
    }
    // A batch of single rows with gaps between them is read with the wrong step by oneDNN 3.11.
    boolean vectors = sizes[rank - 1] == 1 || sizes[rank - 2] == 1;
    if (vectors && !isSingle() && !isDense()) {
      return false;
    }
    Integer[] order = new Integer[rank];
    Arrays.setAll(order, dim -> dim);
    Arrays.sort(order, Comparator.comparingLong(dim -> strides[dim]));
    long reach = 1;
    for (int dim : order) {
      if (sizes[dim] > 1) {
        if (strides[dim] < reach) {
          return false;
        }
        reach = strides[dim] * sizes[dim];
      }
    }
    return true;
  }

  private boolean isDense() {
    long dense = 1;
    for (int dim = sizes.length - 1; dim >= 0; dim--) {
      if (sizes[dim] > 1 && strides[dim] != dense) {
        return false;
      }
      dense *= sizes[dim];
    }
    return true;
  }

  /** Whether there is one matrix only. */
  boolean isSingle() {
    for (int dim = 0; dim < sizes.length - 2; dim++) {
      if (sizes[dim] != 1) {
        return false;
      }
    }
    return true;
  }
}
