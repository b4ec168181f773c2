package io.kindling.backend.cpu;

import io.kindling.tensor.Layout;
import io.kindling.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

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

  private Walk(long[] sizes, long[][] strides) {
    this.sizes = sizes;
    this.strides = strides;
  }

  /** The nest over {@code shape}; layouts of smaller shapes are broadcast to it. */
  static Walk over(Shape shape, Layout... layouts) {
    int rank = shape.rank();
    long[][] steps = new long[layouts.length][rank];
    for (int k = 0; k < layouts.length; k++) {
      Layout layout = layouts[k];
      int added = rank - layout.rank();
      for (int i = added; i < rank; i++) {
        steps[k][i] = layout.size(i - added) == 1 ? 0 : layout.stride(i - added);
      }
    }
    List<Integer> order = new ArrayList<>(rank);
    for (int i = 0; i < rank; i++) {
      if (shape.size(i) != 1) {
        order.add(i);
      }
    }
    order.sort((a, b) -> Long.compare(steps[0][b], steps[0][a]));
    return merge(shape, order, steps);
  }

  private static Walk merge(Shape shape, List<Integer> order, long[][] steps) {
    int operands = steps.length;
    int depth = Math.max(order.size(), 1);
    long[] sizes = new long[depth];
    long[][] strides = new long[operands][depth];
    int last = -1;
    for (int dim : order) {
      boolean joins = last >= 0;
      for (int k = 0; joins && k < operands; k++) {
        joins = strides[k][last] == steps[k][dim] * shape.size(dim);
      }
      if (joins) {
        sizes[last] *= shape.size(dim);
      } else {
        last++;
        sizes[last] = shape.size(dim);
      }
      for (int k = 0; k < operands; k++) {
        strides[k][last] = steps[k][dim];
      }
    }
    if (last < 0) {
      last = 0;
      sizes[0] = 1;
    }
    long[][] trimmed = new long[operands][];
    for (int k = 0; k < operands; k++) {
      trimmed[k] = java.util.Arrays.copyOf(strides[k], last + 1);
    }
    return new Walk(java.util.Arrays.copyOf(sizes, last + 1), trimmed);
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
