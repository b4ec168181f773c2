package io.kindling.backend.cpu;

import io.kindling.tensor.DType;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Tensor;

/**
 * Moves the {@code H x W} planes of a tensor {@code (N, C, H, W)} of any floating type and layout
 * to arrays of doubles in row-major order, and back.
 */
final class Planes {
  private Planes() {}

  /** Reads {@code count} elements of plane {@code (n, c)} from position {@code from}. */
  static void load(Tensor tensor, long n, long c, int from, int count, double[] to, int at) {
    move(tensor, n, c, from, count, to, at, true);
  }

  /** Writes {@code count} elements of plane {@code (n, c)} from position {@code from}. */
  static void store(Tensor tensor, long n, long c, int from, int count, double[] values, int at) {
    move(tensor, n, c, from, count, values, at, false);
  }

  /** All planes, one after the other. */
  static double[] loadAll(Tensor tensor) {
    int plane = ArrayLength.of(tensor.size(2), tensor.size(3));
    int channels = ArrayLength.of(tensor.size(1));
    double[] values = new double[ArrayLength.of(tensor.numel())];
    for (int n = 0, at = 0; n < tensor.size(0); n++) {
      for (int c = 0; c < channels; c++, at += plane) {
        load(tensor, n, c, 0, plane, values, at);
      }
    }
    return values;
  }

  static void storeAll(Tensor tensor, double[] values) {
    int plane = ArrayLength.of(tensor.size(2), tensor.size(3));
    for (int n = 0, at = 0; n < tensor.size(0); n++) {
      for (int c = 0; c < tensor.size(1); c++, at += plane) {
        store(tensor, n, c, 0, plane, values, at);
      }
    }
  }

  private static void move(
      Tensor tensor, long n, long c, int from, int count, double[] array, int at, boolean load) {
    Layout layout = tensor.layout();
    DType dtype = tensor.dtype();
    int width = (int) layout.size(3);
    long step = layout.stride(3);
    long base = layout.offset() + n * layout.stride(0) + c * layout.stride(1);
    boolean oneRow = layout.size(2) == 1 || layout.stride(2) == width * step;
    for (int done = 0; done < count; ) {
      int position = from + done;
      int left = count - done;
      int length = oneRow ? left : Math.min(left, width - position % width);
      long element =
          oneRow
              ? base + position * step
              : base + (position / width) * layout.stride(2) + (position % width) * step;
      long address = tensor.storage().address() + element * dtype.bytes();
      if (load) {
        Blocks.load(dtype, address, step, array, at + done, length);
      } else {
        Blocks.store(array, at + done, dtype, address, step, length);
      }
      done += length;
    }
  }
}
