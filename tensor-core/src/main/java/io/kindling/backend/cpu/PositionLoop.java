package io.kindling.backend.cpu;

import static io.kindling.memory.OffHeap.getByte;
import static io.kindling.memory.OffHeap.getInt;
import static io.kindling.memory.OffHeap.getLong;
import static io.kindling.memory.OffHeap.getShort;
import static io.kindling.memory.OffHeap.putByte;
import static io.kindling.memory.OffHeap.putInt;
import static io.kindling.memory.OffHeap.putLong;
import static io.kindling.memory.OffHeap.putShort;

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
    if (part.isContiguous()) {
      for (int b = 0; b < places.length; b++) {
        OffHeap.copy(base + places[b] * bytes, out.address() + b * count * bytes, count * bytes);
      }
      return;
    }
    long[] within = positions(part);
    long target = out.address();
    for (long place : places) {
      for (long step : within) {
        move(base + (place + step) * bytes, target, bytes);
        target += bytes;
      }
    }
  }

  /** {@code out[indices[b]] = values[b]}, or {@code +=}, on x's values; out may be x. */
  public static void put(
      Tensor x, Tensor values, Tensor[] indices, boolean add, boolean fromEnd, Tensor out) {
    long[] places = values.numel() == 0 ? new long[0] : places(out, indices, fromEnd);
    if (out.storage() != x.storage() || !out.layout().equals(x.layout())) {
      new Copy(out.dtype(), null).reference(new Tensor[] {x}, new Tensor[] {out});
    }
    long[] within = positions(part(out.layout(), indices.length));
    long[] sources = positions(values.layout());
    DType dtype = out.dtype();
    int bytes = dtype.bytes();
    long base = out.storage().address();
    long from = values.storage().address() + values.layout().offset() * bytes;
    int next = 0;
    for (long place : places) {
      for (long step : within) {
        long target = base + (place + step) * bytes;
        long source = from + sources[next++] * bytes;
        if (!add) {
          move(source, target, bytes);
        } else if (dtype.isFloatingPoint()) {
          dtype.writeDouble(target, dtype.readDouble(target) + dtype.readDouble(source));
        } else {
          dtype.writeLong(target, dtype.readLong(target) + dtype.readLong(source));
        }
      }
    }
  }

  private static void move(long from, long to, int bytes) {
    switch (bytes) {
      case 1 -> putByte(to, getByte(from));
      case 2 -> putShort(to, getShort(from));
      case 4 -> putInt(to, getInt(from));
      default -> putLong(to, getLong(from));
    }
  }

  /** Where in the storage, in elements, each part begins; all indices are checked first. */
  private static long[] places(Tensor x, Tensor[] indices, boolean fromEnd) {
    long[] places = new long[ArrayLength.of(indices[0].numel())];
    Arrays.fill(places, x.layout().offset());
    for (int k = 0; k < indices.length; k++) {
      Tensor index = indices[k];
      DType dtype = index.dtype();
      long[] entries = positions(index.layout());
      long base = index.address();
      long size = x.size(k);
      long stride = x.stride(k);
      for (int b = 0; b < places.length; b++) {
        long value = dtype.readLong(base + entries[b] * dtype.bytes());
        if (value >= size || value < (fromEnd ? -size : 0)) {
          throw new ShapeException(
              "index " + value + " is out of bounds for dimension " + k + " with size " + size);
        }
        places[b] += (value < 0 ? value + size : value) * stride;
      }
    }
    return places;
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
