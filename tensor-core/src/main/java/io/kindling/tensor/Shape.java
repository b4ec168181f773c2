package io.kindling.tensor;

import io.kindling.ShapeException;
import java.util.Arrays;

/** The sizes of a tensor's dimensions. Immutable; no dimensions at all is a scalar. */
public final class Shape {
  public static final Shape SCALAR = new Shape(new long[0], 1);

  private final long[] sizes;
  private final long numel;

  private Shape(long[] sizes, long numel) {
    this.sizes = sizes;
    this.numel = numel;
  }

  /** The shape with these sizes, none negative, whose product fits a long. */
  public static Shape of(long... sizes) {
    long product = 1;
    boolean empty = false;
    for (long size : sizes) {
      if (size < 0) {
        throw new ShapeException("a shape has no negative size: " + Arrays.toString(sizes));
      }
      empty |= size == 0;
    }
    if (!empty) {
      for (long size : sizes) {
        if (Math.multiplyHigh(product, size) != 0 || product * size < 0) {
          throw new ShapeException(
              Arrays.toString(sizes) + " has more elements than a long counts");
        }
        product *= size;
      }
    }
    return sizes.length == 0 ? SCALAR : new Shape(sizes.clone(), empty ? 0 : product);
  }

  public int rank() {
    return sizes.length;
  }

  /** The size of a dimension; negative ones count from the end. */
  public long size(int dim) {
    return sizes[existing(dim)];
  }

  /** How many elements there are. */
  public long numel() {
    return numel;
  }

  /** The size of a dimension that is known to be from 0 to rank - 1. */
  long at(int dim) {
    return sizes[dim];
  }

  public long[] toArray() {
    return sizes.clone();
  }

  /** A dimension from 0 to rank - 1 for one that may count from the end. */
  public int dim(int dim) {
    return wrap(dim, sizes.length);
  }

  /** As {@link #dim}, of a shape that has dimensions. */
  int existing(int dim) {
    if (sizes.length == 0) {
      throw new ShapeException(
          "dimension " + dim + " is out of range: a 0-dimensional tensor has none; unsqueeze() it");
    }
    return dim(dim);
  }

  /** As {@link #dim}, for a rank that may be 0, which counts as 1 as in PyTorch. */
  static int wrap(int dim, int rank) {
    int bound = Math.max(rank, 1);
    if (dim < -bound || dim >= bound) {
      throw new ShapeException(
          "dimension "
              + dim
              + " is out of range; expected one from "
              + -bound
              + " to "
              + (bound - 1));
    }
    return dim < 0 ? dim + bound : dim;
  }

  /** This shape with one size changed. */
  public Shape with(int dim, long size) {
    long[] changed = sizes.clone();
    changed[existing(dim)] = size;
    return of(changed);
  }

  /** This shape without one dimension. */
  public Shape without(int dim) {
    int gone = existing(dim);
    long[] left = new long[sizes.length - 1];
    for (int i = 0, j = 0; i < sizes.length; i++) {
      if (i != gone) {
        left[j++] = sizes[i];
      }
    }
    return of(left);
  }

  /** The shape that both broadcast to, or null if they do not. */
  public static Shape broadcast(Shape a, Shape b) {
    if (a.equals(b)) {
      return a;
    }
    int rank = Math.max(a.rank(), b.rank());
    long[] sizes = new long[rank];
    for (int i = 1; i <= rank; i++) {
      long left = i <= a.rank() ? a.sizes[a.rank() - i] : 1;
      long right = i <= b.rank() ? b.sizes[b.rank() - i] : 1;
      if (left != right && left != 1 && right != 1) {
        return null;
      }
      sizes[rank - i] = left == 1 ? right : left;
    }
    return of(sizes);
  }

  @Override
  public boolean equals(Object other) {
    return this == other || other instanceof Shape shape && Arrays.equals(sizes, shape.sizes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(sizes);
  }

  /** As PyTorch prints a size: {@code [2, 3]}. */
  @Override
  public String toString() {
    return Arrays.toString(sizes);
  }
}
