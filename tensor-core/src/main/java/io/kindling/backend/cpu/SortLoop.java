package io.kindling.backend.cpu;

import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;

/**
 * Sorts lines along a dimension: equal values keep their order, NaN counts as the largest value,
 * and the two zeros are equal.
 */
public final class SortLoop {
  private SortLoop() {}

  /** Writes the first of the sorted values, as many as {@code values} holds, and their places. */
  public static void run(Tensor x, int dim, boolean descending, Tensor values, Tensor indices) {
    int length = Lines.length(x, dim);
    int kept = Lines.length(values, dim);
    DType dtype = x.dtype();
    long step = Lines.step(x, dim);
    long valueStep = Lines.step(values, dim);
    long indexStep = Lines.step(indices, dim);
    long[] keys = new long[length];
    int[] order = new int[length];
    int[] spare = new int[length];
    Lines.forEach(
        dim,
        at -> {
          for (int i = 0; i < length; i++) {
            long key = key(dtype, at[0] + i * step);
            keys[i] = descending ? ~key : key;
            order[i] = i;
          }
          sort(keys, order, spare);
          for (int i = 0; i < kept; i++) {
            long source = at[0] + order[i] * step;
            if (dtype.isFloatingPoint()) {
              values.dtype().writeDouble(at[1] + i * valueStep, dtype.readDouble(source));
            } else {
              values.dtype().writeLong(at[1] + i * valueStep, dtype.readLong(source));
            }
            indices.dtype().writeLong(at[2] + i * indexStep, order[i]);
          }
        },
        x,
        values,
        indices);
  }

  /** A long that compares as the value does. */
  private static long key(DType dtype, long address) {
    if (!dtype.isFloatingPoint()) {
      return dtype.readLong(address);
    }
    // Adding 0.0 makes one zero of the two.
    long bits = Double.doubleToLongBits(dtype.readDouble(address) + 0.0);
    return bits ^ ((bits >> 63) & Long.MAX_VALUE);
  }

  /** A merge sort from runs of one upwards, of places by the keys they name. */
  private static void sort(long[] keys, int[] order, int[] spare) {
    int count = order.length;
    for (long width = 1; width < count; width *= 2) {
      for (long start = 0; start < count; start += 2 * width) {
        int middle = (int) Math.min(start + width, count);
        int end = (int) Math.min(start + 2 * width, count);
        merge(keys, order, spare, (int) start, middle, end);
      }
      System.arraycopy(spare, 0, order, 0, count);
    }
  }

  private static void merge(long[] keys, int[] order, int[] spare, int start, int middle, int end) {
    int left = start;
    int right = middle;
    for (int i = start; i < end; i++) {
      boolean takeLeft = right == end || (left < middle && keys[order[left]] <= keys[order[right]]);
      spare[i] = takeLeft ? order[left++] : order[right++];
    }
  }
}
