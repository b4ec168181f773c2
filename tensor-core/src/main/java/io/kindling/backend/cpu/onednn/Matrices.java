package io.kindling.backend.cpu.onednn;

import io.kindling.tensor.Layout;

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
    long reach = Math.max(sizes[rows] * strides[rows], sizes[columns] * strides[columns]);
    for (int dim = rows - 1; dim >= 0; dim--) {
      strides[dim] = sizes[dim] == 1 ? reach : strides[dim];
      reach = Math.max(reach, sizes[dim] * strides[dim]);
    }
    return new Matrices(sizes, strides);
  }

  /**
   * Whether rows or columns are adjacent in memory and no two elements share a place. Matrices of a
   * batch must also follow each other in order, and without gaps where they are single rows or the
   * batch has several dimensions: oneDNN 3.11 accepts others and reads them with wrong steps.
   */
  boolean isPlain() {
    int rows = sizes.length - 2;
    int columns = sizes.length - 1;
    int inner = strides[columns] <= strides[rows] ? columns : rows;
    int outer = inner == columns ? rows : columns;
    long line = sizes[inner] * strides[inner];
    if (strides[inner] != 1 || sizes[outer] > 1 && strides[outer] < line) {
      return false;
    }
    if (isSingle()) {
      return true;
    }
    boolean gaps = sizes.length == 3 && sizes[rows] > 1 && sizes[columns] > 1;
    if (!gaps && sizes[outer] > 1 && strides[outer] != line) {
      return false;
    }
    long reach = Math.max(line, sizes[outer] * strides[outer]);
    for (int dim = rows - 1; dim >= 0; dim--) {
      if (sizes[dim] > 1 && (strides[dim] < reach || !gaps && strides[dim] != reach)) {
        return false;
      }
      reach *= gaps ? 1 : sizes[dim];
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
