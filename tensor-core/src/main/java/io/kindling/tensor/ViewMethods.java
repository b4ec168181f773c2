package io.kindling.tensor;

import io.kindling.KindlingException;
import io.kindling.ShapeException;
import io.kindling.op.Dispatch;
import io.kindling.op.view.AsStrided;
import io.kindling.op.view.Diagonal;
import io.kindling.op.view.Expand;
import io.kindling.op.view.Permute;
import io.kindling.op.view.Select;
import io.kindling.op.view.Slice;
import io.kindling.op.view.Squeeze;
import io.kindling.op.view.Transpose;
import io.kindling.op.view.Unfold;
import io.kindling.op.view.Unsqueeze;
import io.kindling.op.view.View;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;

/** The same memory under another shape. */
interface ViewMethods {
  /** The same elements under another shape, without a copy; one size may be -1. */
  default Tensor view(long... shape) {
    return Dispatch.run(new View(ShapeArguments.filled("view", self().numel(), shape)), self());
  }

  /** As {@link #view}, with a copy where one is needed. */
  default Tensor reshape(long... shape) {
    Shape to = ShapeArguments.filled("reshape", self().numel(), shape);
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
    int start;
    int end;
    try {
      start = self().shape().dim(startDim);
      end = self().shape().dim(endDim);
    } catch (KindlingException e) {
      throw e.during("flatten");
    }
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

  default Tensor flatten() {
    return flatten(0, -1);
  }

  default Tensor flatten(int startDim) {
    return flatten(startDim, -1);
  }

  /** As {@link #flatten()}, of all dimensions. */
  default Tensor ravel() {
    return flatten();
  }

  /** A dimension as several; one of their sizes may be -1. */
  default Tensor unflatten(int dim, long... sizes) {
    long[] shape = self().shape().toArray();
    int at = self().shape().dim(dim);
    if (self().dim() == 0 || sizes.length == 0) {
      throw new ShapeException(
          "unflatten: expected a dimension and its new sizes, got " + self().shape());
    }
    Shape parts = ShapeArguments.filled("unflatten", shape[at], sizes);
    long[] to = new long[shape.length - 1 + sizes.length];
    System.arraycopy(shape, 0, to, 0, at);
    System.arraycopy(parts.toArray(), 0, to, at, sizes.length);
    System.arraycopy(shape, at + 1, to, at + sizes.length, shape.length - at - 1);
    return self().layout().view(Shape.of(to)) == null ? reshape(to) : view(to);
  }

  default Tensor transpose(int first, int second) {
    return Dispatch.run(new Transpose(first, second), self());
  }

  /** As {@link #transpose}. */
  default Tensor swapaxes(int first, int second) {
    return Composite.run("swapaxes", () -> transpose(first, second));
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

  /** Without all dimensions of size 1, or without those of the given ones. */
  default Tensor squeeze(int... dims) {
    boolean[] gone = new boolean[Math.max(self().dim(), 1)];
    for (int dim : dims) {
      int at = self().shape().dim(dim);
      if (gone[at]) {
        throw new ShapeException("squeeze: dimension " + at + " is named twice");
      }
      gone[at] = true;
    }
    return Composite.run(
        "squeeze",
        () -> {
          Tensor squeezed = self();
          for (int d = self().dim() - 1; d >= 0; d--) {
            if ((gone[d] || dims.length == 0) && self().size(d) == 1) {
              squeezed = squeezed.squeeze(d);
            }
          }
          return squeezed == self() ? view(self().shape().toArray()) : squeezed;
        });
  }

  default Tensor squeeze(int dim) {
    return Dispatch.run(new Squeeze(dim), self());
  }

  default Tensor expand(long... shape) {
    try {
      return Dispatch.run(new Expand(self().layout().expand(shape).shape()), self());
    } catch (KindlingException e) {
      throw e.during("expand");
    }
  }

  /** As {@link #expand}. */
  default Tensor broadcastTo(long... shape) {
    return Composite.run("broadcastTo", () -> expand(shape));
  }

  default Tensor expandAs(Tensor other) {
    return Composite.run("expandAs", () -> expand(other.shape().toArray()));
  }

  default Tensor viewAs(Tensor other) {
    return Composite.run("viewAs", () -> view(other.shape().toArray()));
  }

  default Tensor reshapeAs(Tensor other) {
    return Composite.run("reshapeAs", () -> reshape(other.shape().toArray()));
  }

  /** Any strides, in elements, over the memory behind this tensor, from its first element. */
  default Tensor asStrided(long[] shape, long[] strides) {
    return asStrided(shape, strides, self().layout().offset());
  }

  /** As {@link #asStrided(long[], long[])}, from an element counted from the memory's start. */
  default Tensor asStrided(long[] shape, long[] strides, long offset) {
    long first = offset - self().layout().offset();
    return Composite.run(
        "asStrided",
        () -> Dispatch.run(new AsStrided(Layout.strided(Shape.of(shape), strides, first)), self()));
  }

  /** Windows of {@code size} neighbours, as a view whose last dimension they are. */
  default Tensor unfold(int dim, long size, long step) {
    return Dispatch.run(new Unfold(dim, size, step), self());
  }

  /** One element of a dimension, which disappears. */
  default Tensor select(int dim, long index) {
    return Dispatch.run(new Select(dim, index), self());
  }

  /** {@code length} elements of a dimension from {@code start}. */
  default Tensor narrow(int dim, long start, long length) {
    long size = self().dim() == 0 ? 0 : self().size(dim);
    if (self().dim() == 0
        || length < 0
        || start < -size
        || start > size
        || (start < 0 ? start + size : start) > size - length) {
      throw new ShapeException(
          "narrow: "
              + length
              + " elements from "
              + start
              + " on do not fit dimension "
              + dim
              + " of "
              + self().shape());
    }
    long first = start < 0 ? start + size : start;
    return Dispatch.run(new Slice(dim, first, first + length, 1), self());
  }

  /** Elements {@code start, start + step, ...} below {@code end} of a dimension. */
  default Tensor slice(int dim, long start, long end, long step) {
    return Dispatch.run(new Slice(dim, start, end, step), self());
  }

  /** The diagonal of a matrix, as a view. */
  default Tensor diagonal() {
    return diagonal(0, 0, 1);
  }

  default Tensor diagonal(long offset) {
    return diagonal(offset, 0, 1);
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
    return Composite.run("movedim", () -> Rearrangement.movedim(self(), source, destination));
  }

  /** Parts of {@code size} elements of a dimension; the last may have fewer. */
  default List<Tensor> split(long size, int dim) {
    return Composite.runAll("split", () -> Rearrangement.split(self(), dim, size));
  }

  /** Parts of the given sizes, which add up to the dimension's. */
  default List<Tensor> split(long[] sizes, int dim) {
    return Composite.runAll("split", () -> Rearrangement.split(self(), dim, sizes));
  }

  /** At most {@code count} parts of equal size; the last may be smaller. */
  default List<Tensor> chunk(int count, int dim) {
    if (count < 1) {
      throw new ShapeException("chunk: expected a count >= 1, got " + count);
    }
    return Composite.runAll(
        "chunk",
        () -> {
          long size = self().size(dim);
          if (size == 0) {
            return Collections.nCopies(count, self()).stream()
                .map(t -> t.narrow(dim, 0, 0))
                .toList();
          }
          return Rearrangement.split(self(), dim, (size + count - 1) / count);
        });
  }

  default List<Tensor> split(long size) {
    return split(size, 0);
  }

  default List<Tensor> split(long[] sizes) {
    return split(sizes, 0);
  }

  default List<Tensor> chunk(int count) {
    return chunk(count, 0);
  }

  /** {@code sections} parts, of which the first ones have one element more where needed. */
  default List<Tensor> tensorSplit(int sections, int dim) {
    return Composite.runAll("tensorSplit", () -> Rearrangement.tensorSplit(self(), sections, dim));
  }

  default List<Tensor> tensorSplit(int sections) {
    return tensorSplit(sections, 0);
  }

  /** The parts before, between and after the given places of a dimension. */
  default List<Tensor> tensorSplit(long[] places, int dim) {
    return Composite.runAll("tensorSplit", () -> Rearrangement.tensorSplit(self(), places, dim));
  }

  default List<Tensor> tensorSplit(long[] places) {
    return tensorSplit(places, 0);
  }

  default List<Tensor> unbind() {
    return unbind(0);
  }

  /** Each element of a dimension, which disappears. */
  default List<Tensor> unbind(int dim) {
    return Composite.runAll(
        "unbind",
        () -> LongStream.range(0, self().size(dim)).mapToObj(i -> select(dim, i)).toList());
  }

  private Tensor self() {
    return (Tensor) this;
  }
}
