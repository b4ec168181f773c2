package io.kindling.tensor;

import java.util.Arrays;

/**
 * Arithmetic on a layout's strides: how many elements further the next one of each dimension lies.
 */
final class Strides {
  private Strides() {}

  /** Rows of the last dimension adjacent. */
  static long[] contiguous(Shape shape) {
    long[] strides = new long[shape.rank()];
    long step = 1;
    for (int i = strides.length - 1; i >= 0; i--) {
      strides[i] = step;
      step *= Math.max(shape.at(i), 1);
    }
    return strides;
  }

  /** Dense, with the named dimensions from the slowest to the fastest. */
  static long[] inOrder(Shape shape, int... dims) {
    long[] strides = new long[dims.length];
    long step = 1;
    for (int i = dims.length - 1; i >= 0; i--) {
      strides[dims[i]] = step;
      step *= Math.max(shape.size(dims[i]), 1);
    }
    return strides;
  }

  /**
   * The dimensions from the slowest to the fastest, or null if one of several elements has them all
   * at one position.
   */
  static int[] order(Shape shape, long[] strides) {
    Integer[] order = new Integer[strides.length];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
      if (strides[i] == 0 && shape.size(i) > 1) {
        return null;
      }
    }
    Arrays.sort(order, (a, b) -> Long.compare(strides[b], strides[a]));
    int[] dims = new int[order.length];
    for (int i = 0; i < dims.length; i++) {
      dims[i] = order[i];
    }
    return dims;
  }

  /** Whether the last position is far from overflowing a long. */
  static boolean isCountable(Shape shape, long[] strides, long offset) {
    double last = offset;
    for (int i = 0; i < strides.length; i++) {
      last += Math.max(shape.size(i), 1) * (double) strides[i];
    }
    return last < 0x1p62;
  }

  /** As {@link Layout#mayOverlap}. */
  static boolean mayOverlap(Shape shape, long[] strides) {
    // From the fastest dimension to the slowest, each must step over all that the faster ones
    // reach.
    for (int i = 0; i < strides.length; i++) {
      long reach = 0;
      for (int j = 0; j < strides.length; j++) {
        boolean faster = strides[j] < strides[i] || (strides[j] == strides[i] && j > i);
        reach += faster ? (shape.size(j) - 1) * strides[j] : 0;
      }
      if (shape.size(i) > 1 && strides[i] <= reach) {
        return true;
      }
    }
    return false;
  }

  /**
   * Strides with which the same elements have another shape of as many, or null if none does.
   *
   * <p>The old dimensions form runs that are adjacent in memory, and each run may be cut anew: from
   * the last dimension on, new ones are filled from a run until their sizes' product is the run's.
   */
  static long[] reshaped(Shape from, long[] strides, Shape to) {
    long[] steps = new long[to.rank()];
    int target = to.rank() - 1;
    long runStride = strides[from.rank() - 1];
    long oldSize = 1;
    long newSize = 1;
    for (int dim = from.rank() - 1; dim >= 0; dim--) {
      oldSize *= from.size(dim);
      boolean runEnds =
          dim == 0 || (from.size(dim - 1) != 1 && strides[dim - 1] != oldSize * runStride);
      if (!runEnds) {
        continue;
      }
      while (target >= 0 && (newSize < oldSize || to.size(target) == 1)) {
        steps[target] = newSize * runStride;
        newSize *= to.size(target);
        target--;
      }
      if (newSize != oldSize) {
        return null;
      }
      if (dim > 0) {
        runStride = strides[dim - 1];
        oldSize = 1;
        newSize = 1;
      }
    }
    return target == -1 ? steps : null;
  }

  /** Without one dimension's. */
  static long[] without(long[] strides, int gone) {
    long[] left = new long[strides.length - 1];
    System.arraycopy(strides, 0, left, 0, gone);
    System.arraycopy(strides, gone + 1, left, gone, left.length - gone);
    return left;
  }
}
