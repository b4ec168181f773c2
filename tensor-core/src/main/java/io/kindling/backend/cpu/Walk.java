package io.kindling.backend.cpu;

import io.kindling.tensor.Layout;
import io.kindling.tensor.Shape;
import java.util.Arrays;

/**
 * The loop nest over several layouts of one shape: dimensions of size 1 dropped, ordered by the
 * first layout's strides from the slowest to the fastest, and merged wherever all layouts allow it,
 * so that dense tensors become one long row.
 */
final class Walk {
  /** Sizes from the slowest to the fastest dimension; at least one. */
  final long[] sizes;

  /** For each layout its strides, in elements, in the order of {@code sizes}. */
  final long[][] strides;

  /** A single element of two operands. */
  static final Walk ONE = new Walk(new long[] {1}, new long[][] {{0}, {0}});

  private Walk(long[] sizes, long[][] strides) {
    this.sizes = sizes;
    this.strides = strides;
  }

  /** One row of adjacent elements of one operand. */
  static Walk row(long length) {
    return new Walk(new long[] {length}, new long[][] {{1}});
  }

  /** The nest over {@code shape}; layouts of smaller shapes are broadcast to it. */
  static Walk over(Shape shape, Layout... layouts) {
    int rank = shape.rank();
    long[] sizes = new long[rank];
    for (int i = 0; i < rank; i++) {
      sizes[i] = shape.size(i);
    }
    long[][] steps = new long[layouts.length][];
    for (int k = 0; k < layouts.length; k++) {
      steps[k] = new long[rank]; // one by one: Java's two-dimensional "new" is a call into the JVM
      Layout layout = layouts[k];
      int added = rank - layout.rank();
      for (int i = added; i < rank; i++) {
        steps[k][i] = layout.size(i - added) == 1 ? 0 : layout.stride(i - added);
      }
    }
    return over(sizes, steps);
  }

  /**
   * The nest over dimensions of {@code sizes}.
   *
   * @param steps of each operand, the elements from one position of a dimension to the next
   */
  static Walk over(long[] sizes, long[]... steps) {
    int[] order = new int[sizes.length];
    int depth = 0;
    for (int dim = 0; dim < sizes.length; dim++) {
      if (sizes[dim] == 1) {
        continue;
      }
      int at = depth++;
      for (; at > 0 && steps[0][order[at - 1]] < steps[0][dim]; at--) {
        order[at] = order[at - 1];
      }
      order[at] = dim;
    }
    int operands = steps.length;
    long[] merged = new long[depth];
    long[][] strides = new long[operands][];
    for (int k = 0; k < operands; k++) {
      strides[k] = new long[depth];
    }
    int last = -1;
    for (int i = 0; i < depth; i++) {
      int dim = order[i];
      boolean joins = last >= 0;
      for (int k = 0; joins && k < operands; k++) {
        joins = strides[k][last] == steps[k][dim] * sizes[dim];
      }
      if (joins) {
        merged[last] *= sizes[dim];
      } else {
        last++;
        merged[last] = sizes[dim];
      }
      for (int k = 0; k < operands; k++) {
        strides[k][last] = steps[k][dim];
      }
    }
    if (last < 0) {
      return new Walk(new long[] {1}, new long[operands][1]);
    }
    if (last + 1 < depth) {
      merged = Arrays.copyOf(merged, last + 1);
      for (int k = 0; k < operands; k++) {
        strides[k] = Arrays.copyOf(strides[k], last + 1);
      }
    }
    return new Walk(merged, strides);
  }

  /** How many elements one row of the fastest dimension has. */
  long rowLength() {
    return sizes[sizes.length - 1];
  }

  long rowStride(int operand) {
    return strides[operand][sizes.length - 1];
  }

  /** How many rows there are. */
  long rows() {
    long rows = 1;
    for (int i = 0; i < sizes.length - 1; i++) {
      rows *= sizes[i];
    }
    return rows;
  }

  /** Moves each operand's offset, in elements, from one row to the next. */
  void advance(long[] index, long[] offsets) {
    advance(index, offsets, sizes.length - 1);
  }

  /** Moves on in the slowest {@code dims} dimensions; false, and back at the start, at the end. */
  boolean advance(long[] index, long[] offsets, int dims) {
    for (int dim = dims - 1; dim >= 0; dim--) {
      index[dim]++;
      if (index[dim] < sizes[dim]) {
        for (int k = 0; k < offsets.length; k++) {
          offsets[k] += strides[k][dim];
        }
        return true;
      }
      index[dim] = 0;
      for (int k = 0; k < offsets.length; k++) {
        offsets[k] -= strides[k][dim] * (sizes[dim] - 1);
      }
    }
    return false;
  }
}
