package io.kindling.backend.cpu;

import io.kindling.DTypeException;
import io.kindling.ShapeException;
import io.kindling.memory.OffHeap;
import io.kindling.op.Spec;
import io.kindling.op.elementwise.Add;
import io.kindling.op.elementwise.Copy;
import io.kindling.op.elementwise.ElementwiseOp;
import io.kindling.tensor.DType;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Tensor;
import java.util.BitSet;
import java.util.function.DoubleBinaryOperator;
import java.util.function.LongBinaryOperator;

/** Reads and combines elements whose positions are values of an index tensor. */
public final class IndexLoop {
  private IndexLoop() {}

  /** Fails unless the index is of an integer type. */
  public static void checkIndex(String operation, Tensor index) {
    if (index.dtype().kind() != DType.Kind.INTEGRAL) {
      throw new DTypeException(
          operation + ": expected an integer index, got " + index.dtype() + "; convert with to()");
    }
  }

  /** {@code out[.., k, ..] = x[.., index[k], ..]}. */
  public static void select(Tensor x, int dim, Tensor index, Tensor out) {
    long count = out.size(dim);
    if (x.shape().dim(dim) == 0 && rows(x) && rows(out) && x.dtype() == out.dtype()) {
      long bytes = x.shape().without(0).numel() * x.dtype().bytes();
      for (long k = 0; k < count; k++) {
        long row = at(index, k, x.size(0));
        long source = x.address() + row * x.stride(0) * x.dtype().bytes();
        OffHeap.copy(source, out.address() + k * out.stride(0) * out.dtype().bytes(), bytes);
      }
      return;
    }
    ElementwiseOp copy = new Copy(out.dtype(), null);
    for (long k = 0; k < count; k++) {
      try (Tensor from = window(x, x.layout().select(dim, at(index, k, x.size(dim))));
          Tensor to = window(out, out.layout().select(dim, k))) {
        copy.reference(new Tensor[] {from}, new Tensor[] {to});
      }
    }
  }

  /** Whether one element of dimension 0 is one block of memory. */
  private static boolean rows(Tensor tensor) {
    return tensor.size(0) > 0 && tensor.layout().select(0, 0).isContiguous();
  }

  /** {@code out[.., index[k], ..] += x[.., k, ..]} on zeros. */
  public static void addSelected(Tensor x, int dim, Tensor index, Tensor out) {
    OffHeap.zero(out.address(), out.numel() * out.dtype().bytes());
    ElementwiseOp add = new Add();
    for (long k = 0, count = x.size(dim); k < count; k++) {
      try (Tensor from = window(x, x.layout().select(dim, k));
          Tensor to = window(out, out.layout().select(dim, at(index, k, out.size(dim))))) {
        add.reference(new Tensor[] {to, from}, new Tensor[] {to});
      }
    }
  }

  private static Tensor window(Tensor tensor, Layout layout) {
    tensor.storage().retain();
    return new Tensor(tensor.storage(), new Spec(layout, tensor.dtype()), tensor.device());
  }

  /** {@code out[i][j] = x[index[i][j]][j]} for dimension 0. */
  public static void gather(Tensor x, int dim, Tensor index, Tensor out) {
    int bytes = out.dtype().bytes();
    forEach(
        index,
        dim,
        x.layout(),
        out.layout(),
        (picked, position) ->
            OffHeap.copy(
                x.storage().address() + picked * bytes,
                out.storage().address() + position * bytes,
                bytes));
  }

  /** {@code out[index[i][j]][j] += x[i][j]} for dimension 0, on zeros. */
  public static void addGathered(Tensor x, int dim, Tensor index, Tensor out) {
    OffHeap.zero(out.address(), out.numel() * out.dtype().bytes());
    DType dtype = out.dtype();
    forEach(
        index,
        dim,
        out.layout(),
        x.layout(),
        (picked, position) -> {
          long source = x.storage().address() + position * dtype.bytes();
          long target = out.storage().address() + picked * dtype.bytes();
          if (dtype.isFloatingPoint()) {
            dtype.writeDouble(target, dtype.readDouble(target) + dtype.readDouble(source));
          } else {
            dtype.writeLong(target, dtype.readLong(target) + dtype.readLong(source));
          }
        });
  }

  /**
   * {@code out[index[i][j]][j] = combine(out[index[i][j]][j], source[i][j])} for dimension 0, on
   * x's values.
   *
   * @param afresh whether the first value that comes to a place replaces x's
   */
  public static void scatter(
      Tensor x,
      int dim,
      Tensor index,
      Tensor source,
      Tensor out,
      boolean afresh,
      DoubleBinaryOperator doubles,
      LongBinaryOperator longs) {
    new Copy(out.dtype(), null).reference(new Tensor[] {x}, new Tensor[] {out});
    DType dtype = out.dtype();
    BitSet begun = afresh ? new BitSet(ArrayLength.of(out.layout().end())) : null;
    forEach(
        index,
        dim,
        out.layout(),
        source.layout(),
        (picked, position) -> {
          long from = source.storage().address() + position * dtype.bytes();
          long to = out.storage().address() + picked * dtype.bytes();
          if (begun != null && !begun.get((int) picked)) {
            begun.set((int) picked);
            OffHeap.copy(from, to, dtype.bytes());
          } else if (dtype.isFloatingPoint()) {
            dtype.writeDouble(
                to, doubles.applyAsDouble(dtype.readDouble(to), dtype.readDouble(from)));
          } else {
            dtype.writeLong(to, longs.applyAsLong(dtype.readLong(to), dtype.readLong(from)));
          }
        });
  }

  /** Gets two positions, in elements from the storages' starts. */
  @FunctionalInterface
  private interface Pair {
    void apply(long picked, long position);
  }

  /** For each element of the index: where it points in one layout, where it is in the other. */
  private static void forEach(Tensor index, int dim, Layout picked, Layout same, Pair body) {
    int rank = index.dim();
    if (rank == 0) {
      at(index, 0, 1);
      body.apply(picked.offset(), same.offset());
      return;
    }
    int along = index.shape().dim(dim);
    long size = picked.size(along);
    long[] position = new long[rank];
    DType dtype = index.dtype();
    for (long i = 0, count = index.numel(); i < count; i++) {
      long entry = index.layout().offset();
      long to = same.offset();
      long from = picked.offset();
      for (int d = 0; d < rank; d++) {
        entry += position[d] * index.stride(d);
        to += position[d] * same.stride(d);
        from += d == along ? 0 : position[d] * picked.stride(d);
      }
      long value = dtype.readLong(index.storage().address() + entry * dtype.bytes());
      body.apply(from + checked(value, size) * picked.stride(along), to);
      for (int d = rank - 1; d >= 0 && ++position[d] == index.size(d); d--) {
        position[d] = 0;
      }
    }
  }

  /** Entry k of an index with one dimension, or the only one of an index without. */
  private static long at(Tensor index, long k, long size) {
    long stride = index.dim() == 0 ? 0 : index.stride(0);
    DType dtype = index.dtype();
    return checked(dtype.readLong(index.address() + k * stride * dtype.bytes()), size);
  }

  private static long checked(long value, long size) {
    if (value < 0 || value >= size) {
      throw new ShapeException(
          "index " + value + " is out of range; expected one from 0 to " + (size - 1));
    }
    return value;
  }
}
