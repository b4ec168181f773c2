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
    if (x.dim() > 0 && x.shape().dim(dim) == x.dim() - 1 && x.dtype() == out.dtype()) {
      long[] strides = new long[x.dim()];
      strides[x.dim() - 1] = index.dim() == 0 ? 0 : index.stride(0);
      Layout spread = Layout.strided(out.shape(), strides, index.layout().offset());
      try (Tensor repeated = window(index, spread)) {
        gather(x, dim, repeated, out);
      }
      return;
    }
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
    boolean inRows = x.shape().dim(dim) == 0 && rows(x) && rows(out);
    if (inRows && x.dtype() == DType.FLOAT32) {
      addRows(x, index, out);
      return;
    }
    ElementwiseOp add = new Add();
    for (long k = 0, count = x.size(dim); k < count; k++) {
      try (Tensor from = window(x, x.layout().select(dim, k));
          Tensor to = window(out, out.layout().select(dim, at(index, k, out.size(dim))))) {
        add.reference(new Tensor[] {to, from}, new Tensor[] {to});
      }
    }
  }

  /** Adds rows of float32 that are blocks of memory. */
  private static void addRows(Tensor x, Tensor index, Tensor out) {
    long length = x.shape().without(0).numel();
    for (long k = 0, count = x.size(0); k < count; k++) {
      long row = at(index, k, out.size(0));
      long source = x.address() + k * x.stride(0) * Float.BYTES;
      Elements.addRow(source, out.address() + row * out.stride(0) * Float.BYTES, length);
    }
  }

  private static Tensor window(Tensor tensor, Layout layout) {
    tensor.storage().retain();
    return new Tensor(tensor.storage(), new Spec(layout, tensor.dtype()), tensor.device());
  }

  /** {@code out[i][j] = x[index[i][j]][j]} for dimension 0. */
  public static void gather(Tensor x, int dim, Tensor index, Tensor out) {
    long from = x.storage().address();
    long to = out.storage().address();
    DType dtype = out.dtype();
    forEach(
        index,
        dim,
        x.layout(),
        out.layout(),
        (picked, places, count) -> Elements.copy(dtype, from, picked, to, places, count));
  }

  /** {@code out[index[i][j]][j] += x[i][j]} for dimension 0, on zeros. */
  public static void addGathered(Tensor x, int dim, Tensor index, Tensor out) {
    OffHeap.zero(out.address(), out.numel() * out.dtype().bytes());
    add(x, dim, index, out);
  }

  private static void add(Tensor x, int dim, Tensor index, Tensor out) {
    long from = x.storage().address();
    long to = out.storage().address();
    DType dtype = out.dtype();
    forEach(
        index,
        dim,
        out.layout(),
        x.layout(),
        (picked, places, count) -> Elements.add(dtype, from, places, to, picked, count));
  }

  /** {@code out[index[i][j]][j] = source[i][j]} for dimension 0, on x's values. */
  public static void scatter(Tensor x, int dim, Tensor index, Tensor source, Tensor out) {
    new Copy(out.dtype(), null).reference(new Tensor[] {x}, new Tensor[] {out});
    long from = source.storage().address();
    long to = out.storage().address();
    DType dtype = out.dtype();
    forEach(
        index,
        dim,
        out.layout(),
        source.layout(),
        (picked, places, count) -> Elements.copy(dtype, from, places, to, picked, count));
  }

  /** {@code out[index[i][j]][j] += source[i][j]} for dimension 0, on x's values. */
  public static void scatterAdd(Tensor x, int dim, Tensor index, Tensor source, Tensor out) {
    new Copy(out.dtype(), null).reference(new Tensor[] {x}, new Tensor[] {out});
    add(source, dim, index, out);
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
        (picked, places, count) -> {
          for (int i = 0; i < count; i++) {
            long from = source.storage().address() + places[i] * dtype.bytes();
            long to = out.storage().address() + picked[i] * dtype.bytes();
            if (begun != null && !begun.get((int) picked[i])) {
              begun.set((int) picked[i]);
              OffHeap.copy(from, to, dtype.bytes());
            } else if (dtype.isFloatingPoint()) {
              dtype.writeDouble(
                  to, doubles.applyAsDouble(dtype.readDouble(to), dtype.readDouble(from)));
            } else {
              dtype.writeLong(to, longs.applyAsLong(dtype.readLong(to), dtype.readLong(from)));
            }
          }
        });
  }

  /** Gets pairs of positions, in elements from the storages' starts; the arrays are reused. */
  @FunctionalInterface
  private interface Pairs {
    void apply(long[] picked, long[] positions, int count);
  }

  /** For the elements of the index: where they point in one layout, where they are in the other. */
  private static void forEach(Tensor index, int dim, Layout picked, Layout same, Pairs body) {
    if (index.numel() == 0) {
      return;
    }
    int rank = index.dim();
    long[][] arrays = Operands.ofThread().longs();
    if (rank == 0) {
      at(index, 0, 1);
      arrays[0][0] = picked.offset();
      arrays[1][0] = same.offset();
      body.apply(arrays[0], arrays[1], 1);
      return;
    }
    int along = index.shape().dim(dim);
    int inner = rank - 1;
    while (inner > 0 && index.size(inner) == 1) {
      inner--;
    }
    long[] position = new long[rank];
    for (long rows = index.numel() / index.size(inner); rows > 0; rows--) {
      long entry = index.layout().offset();
      long to = same.offset();
      long from = picked.offset();
      for (int d = 0; d < inner; d++) {
        entry += position[d] * index.stride(d);
        to += position[d] * same.stride(d);
        from += d == along ? 0 : position[d] * picked.stride(d);
      }
      long step = inner == along ? 0 : picked.stride(inner);
      for (long done = 0; done < index.size(inner); done += Operands.LENGTH) {
        int count = (int) Math.min(Operands.LENGTH, index.size(inner) - done);
        long stride = index.stride(inner);
        long source = index.storage().address() + (entry + done * stride) * index.dtype().bytes();
        Blocks.load(index.dtype(), source, stride, arrays[0], 0, count);
        check(arrays[0], count, picked.size(along));
        place(arrays[0], picked.stride(along), from + done * step, step, count);
        advance(arrays[1], to + done * same.stride(inner), same.stride(inner), count);
        body.apply(arrays[0], arrays[1], count);
      }
      for (int d = inner - 1; d >= 0 && ++position[d] == index.size(d); d--) {
        position[d] = 0;
      }
    }
  }

  /** Fails unless all values are below a size and none is negative. */
  private static void check(long[] values, int count, long size) {
    long outside = 0;
    for (int i = 0; i < count; i++) {
      outside |= values[i] | (size - 1 - values[i]);
    }
    if (outside < 0) {
      for (int i = 0; i < count; i++) {
        checked(values[i], size);
      }
    }
  }

  private static void place(long[] values, long stride, long start, long step, int count) {
    for (int i = 0; i < count; i++) {
      values[i] = values[i] * stride + start + i * step;
    }
  }

  private static void advance(long[] positions, long start, long step, int count) {
    for (int i = 0; i < count; i++) {
      positions[i] = start + i * step;
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
