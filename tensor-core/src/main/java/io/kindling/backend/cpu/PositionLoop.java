package io.kindling.backend.cpu;

import io.kindling.ShapeException;
import io.kindling.memory.OffHeap;
import io.kindling.op.elementwise.Copy;
import io.kindling.tensor.DType;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import java.util.Arrays;

/**
 * Reads and writes the parts of a tensor whose places several index tensors name together, one for
 * each of its first dimensions.
 */
public final class PositionLoop {
  /** Fewer elements are as fast one by one. */
  private static final int SHORTEST_ROW = 8;

  private PositionLoop() {}

  /** {@code out[b] = x[indices[b]]}. */
  public static void get(Tensor x, Tensor[] indices, boolean fromEnd, Tensor out) {
    if (out.numel() == 0) {
      return; // as in PyTorch, an index that picks nothing is not looked at
    }
    long[] places = places(x, indices, fromEnd);
    Layout part = part(x.layout(), indices.length);
    int bytes = x.dtype().bytes();
    long count = part.shape().numel();
    long base = x.storage().address();
    if (part.isContiguous() && count > 1) {
      for (int b = 0; b < places.length; b++) {
        OffHeap.copy(base + places[b] * bytes, out.address() + b * count * bytes, count * bytes);
      }
      return;
    }
    long[] within = positions(part);
    forEach(
        places,
        within,
        null,
        (parts, others, some) ->
            Elements.copy(x.dtype(), base, parts, out.address(), others, some));
  }

  /** {@code out[indices[b]] = values[b]}, or {@code +=}, on x's values; out may be x. */
  public static void put(
      Tensor x, Tensor values, Tensor[] indices, boolean add, boolean fromEnd, Tensor out) {
    long[] places = values.numel() == 0 ? new long[0] : places(out, indices, fromEnd);
    if (out.storage() != x.storage() || !out.layout().equals(x.layout())) {
      new Copy(out.dtype(), null).reference(new Tensor[] {x}, new Tensor[] {out});
    }
    Layout part = part(out.layout(), indices.length);
    if (part.isContiguous()
        && values.isContiguous()
        && part.shape().numel() >= SHORTEST_ROW
        && (!add || out.dtype() == DType.FLOAT32)) {
      putRows(places, part.shape().numel(), values, add, out);
      return;
    }
    long[] within = positions(part);
    long[] sources = values.isContiguous() ? null : positions(values.layout());
    DType dtype = out.dtype();
    long base = out.storage().address();
    long from = values.address();
    forEach(
        places,
        within,
        sources,
        (parts, others, some) -> {
          if (add) {
            Elements.add(dtype, from, others, base, parts, some);
          } else {
            Elements.copy(dtype, from, others, base, parts, some);
          }
        });
  }

  /** Copies rows that are blocks of memory, or adds them, which is for float32 only. */
  private static void putRows(long[] places, long length, Tensor values, boolean add, Tensor out) {
    long bytes = length * out.dtype().bytes();
    long source = values.address();
    for (long place : places) {
      long target = out.storage().address() + place * out.dtype().bytes();
      if (add) {
        Elements.addRow(source, target, length);
      } else {
        OffHeap.copy(source, target, bytes);
      }
      source += bytes;
    }
  }

  /** Gets places of elements in the indexed tensor and in the other; the arrays are reused. */
  @FunctionalInterface
  private interface Pairs {
    void apply(long[] parts, long[] others, int count);
  }

  /**
   * The elements of all parts, in order.
   *
   * @param others their places in the other tensor, or null where they are in order
   */
  private static void forEach(long[] places, long[] within, long[] others, Pairs body) {
    long[] parts = new long[(int) Math.min(Operands.LENGTH, (long) places.length * within.length)];
    long[] same = new long[parts.length];
    long done = 0;
    int count = 0;
    for (long place : places) {
      for (long step : within) {
        parts[count] = place + step;
        same[count] = others == null ? done : others[(int) done];
        done++;
        if (++count == parts.length) {
          body.apply(parts, same, count);
          count = 0;
        }
      }
    }
    body.apply(parts, same, count);
  }

  /** Where in the storage, in elements, each part begins; all indices are checked first. */
  private static long[] places(Tensor x, Tensor[] indices, boolean fromEnd) {
    long[] places = new long[ArrayLength.of(indices[0].numel())];
    Arrays.fill(places, x.layout().offset());
    for (int k = 0; k < indices.length; k++) {
      Tensor index = indices[k];
      long[] values = values(index);
      long size = x.size(k);
      long stride = x.stride(k);
      for (int b = 0; b < places.length; b++) {
        long value = values[b];
        if (value >= size || value < (fromEnd ? -size : 0)) {
          throw new ShapeException(
              "index " + value + " is out of bounds for dimension " + k + " with size " + size);
        }
        places[b] += (value < 0 ? value + size : value) * stride;
      }
    }
    return places;
  }

  private static long[] values(Tensor index) {
    long[] values = new long[ArrayLength.of(index.numel())];
    if (index.isContiguous()) {
      Blocks.load(index.dtype(), index.address(), 1, values, 0, values.length);
      return values;
    }
    long[] entries = positions(index.layout());
    DType dtype = index.dtype();
    for (int b = 0; b < values.length; b++) {
      values[b] = dtype.readLong(index.address() + entries[b] * dtype.bytes());
    }
    return values;
  }

  /** The layout of one part, from the storage's start. */
  private static Layout part(Layout layout, int indexed) {
    long[] sizes = layout.shape().toArray();
    return Layout.strided(
        Shape.of(Arrays.copyOfRange(sizes, indexed, sizes.length)),
        Arrays.copyOfRange(layout.strides(), indexed, sizes.length),
        0);
  }

  /** The position of each element in row-major order, counted from the first. */
  private static long[] positions(Layout layout) {
    int rank = layout.rank();
    long[] positions = new long[ArrayLength.of(layout.shape().numel())];
    long[] index = new long[rank];
    long position = 0;
    for (int i = 0; i < positions.length; i++) {
      positions[i] = position;
      for (int d = rank - 1; d >= 0; d--) {
        position += layout.stride(d);
        if (++index[d] < layout.size(d)) {
          break;
        }
        position -= layout.size(d) * layout.stride(d);
        index[d] = 0;
      }
    }
    return positions;
  }
}
