package io.kindling.tensor;

import io.kindling.ShapeException;
import io.kindling.op.Dispatch;
import io.kindling.op.view.Diagonal;
import io.kindling.op.view.Expand;
import io.kindling.op.view.Permute;
import io.kindling.op.view.Select;
import io.kindling.op.view.Slice;
import io.kindling.op.view.Squeeze;
import io.kindling.op.view.Transpose;
import io.kindling.op.view.Unsqueeze;
import io.kindling.op.view.View;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/** The same memory under another shape. */
interface ViewMethods {
  /** The same elements under another shape, without a copy; one size may be -1. */
  default Tensor view(long... shape) {
    return Dispatch.run(new View(resolve(shape)), self());
  }

  /** As {@link #view}, with a copy where one is needed. */
  default Tensor reshape(long... shape) {
    Shape to = resolve(shape);
    if (self().layout().view(to) != null) {
      return Dispatch.run(new View(to), self());
    }
    try (Tensor dense = self().contiguous()) {
      return Dispatch.run(new View(to), dense);
    }
  }

  /** All dimensions from {@code startDim} to {@code endDim} as one. */
  default Tensor flatten(int startDim, int endDim) {
    if (self().dim() == 0) {
      return reshape(1);
    }
    int start = self().shape().dim(startDim);
    int end = self().shape().dim(endDim);
    if (start > end) {
      throw new ShapeException("flatten: startDim " + startDim + " comes after endDim " + endDim);
    }
    long[] sizes = new long[self().dim() - (end - start)];
    Arrays.fill(sizes, 1);
    for (int i = 0, j = 0; i < self().dim(); i++) {
      sizes[j] *= self().size(i);
      j += i >= start && i < end ? 0 : 1;
    }
    return reshape(sizes);
  }

  default Tensor transpose(int first, int second) {
    return Dispatch.run(new Transpose(first, second), self());
  }

  /** A matrix with its two dimensions swapped. */
  default Tensor t() {
    if (self().dim() > 2) {
      throw new ShapeException("t: expected at most 2 dimensions, got " + self().shape());
    }
    return self().dim() < 2 ? self().alias() : transpose(0, 1);
  }

  default Tensor permute(int... dims) {
    return Dispatch.run(new Permute(Arrays.stream(dims).boxed().toList()), self());
  }

  default Tensor unsqueeze(int dim) {
    return Dispatch.run(new Unsqueeze(dim), self());
  }

  default Tensor squeeze(int dim) {
    return Dispatch.run(new Squeeze(dim), self());
  }

  default Tensor expand(long... shape) {
    return Dispatch.run(new Expand(self().layout().expand(shape).shape()), self());
  }

  /** One element of a dimension, which disappears. */
  default Tensor select(int dim, long index) {
    return Dispatch.run(new Select(dim, index), self());
  }

  /** {@code length} elements of a dimension from {@code start}. */
  default Tensor narrow(int dim, long start, long length) {
    return Dispatch.run(new Slice(dim, start, start + length, 1), self());
  }

  /** Elements {@code start, start + step, ...} below {@code end} of a dimension. */
  default Tensor slice(int dim, long start, long end, long step) {
    return Dispatch.run(new Slice(dim, start, end, step), self());
  }

  /** The diagonal of a matrix, as a view. */
  default Tensor diagonal() {
    return diagonal(0, 0, 1);
  }

  /** A diagonal of two dimensions, as a view whose last dimension it is. */
  default Tensor diagonal(long offset, int dim1, int dim2) {
    return Dispatch.run(new Diagonal(offset, dim1, dim2), self());
  }

  /** A dimension moved to another place. */
  default Tensor movedim(int source, int destination) {
    return movedim(new int[] {source}, new int[] {destination});
  }

  default Tensor movedim(int[] source, int[] destination) {
    return Rearrangement.movedim(self(), source, destination);
  }

  /** Parts of {@code size} elements of a dimension; the last may have fewer. */
  default List<Tensor> split(long size, int dim) {
    return Rearrangement.split(self(), dim, size);
  }

  /** Parts of the given sizes, which add up to the dimension's. */
  default List<Tensor> split(long[] sizes, int dim) {
    return Rearrangement.split(self(), dim, sizes);
  }

  /** At most {@code count} parts of equal size; the last may be smaller. */
  default List<Tensor> chunk(int count, int dim) {
    if (count < 1) {
      throw new ShapeException("chunk: expected a count >= 1, got " + count);
    }
    return split(Math.max((self().size(dim) + count - 1) / count, 1), dim);
  }

  /** Each element of a dimension, which disappears. */
  default List<Tensor> unbind(int dim) {
    return LongStream.range(0, self().size(dim)).mapToObj(i -> select(dim, i)).toList();
  }

  private Shape resolve(long[] shape) {
    long[] sizes = shape.clone();
    int open = -1;
    long product = 1;
    for (int i = 0; i < sizes.length; i++) {
      if (sizes[i] == -1 && open < 0) {
        open = i;
      } else {
        product *= sizes[i];
      }
    }
    if (open >= 0) {
      if (product == 0 || self().numel() % product != 0) {
        throw new ShapeException(
            "reshape: " + self().shape() + " cannot become " + Arrays.toString(shape));
      }
      sizes[open] = self().numel() / product;
    }
    return Shape.of(sizes);
  }

  private Tensor self() {
    return (Tensor) this;
  }
}
