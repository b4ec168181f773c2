package io.kindling.backend.cpu;

import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;
import java.util.Arrays;

/**
 * Sorts lines along a dimension: equal values keep their order, NaN counts as the largest value,
 * and the two zeros are equal.
 *
 * <p>A value of at most 32 bits and its place make one long, which compares as the value does and
 * then as the place: longs are sorted by themselves. Wider values are sorted through an array of
 * places.
 */
public final class SortLoop {
  /** Longer lines are sorted by digits. */
  private static final int SHORT = 1024;

  /** Bits of a digit; three make a key. */
  private static final int DIGIT = 11;

  private static final int RADIX = 1 << DIGIT;
  private static final int MASK = RADIX - 1;

  private SortLoop() {}

  /** Writes the first of the sorted values, as many as {@code values} holds, and their places. */
  public static void run(Tensor x, int dim, boolean descending, Tensor values, Tensor indices) {
    int length = Lines.length(x, dim);
    int kept = Lines.length(values, dim);
    DType dtype = x.dtype();
    long step = Lines.step(x, dim);
    long valueStep = Lines.step(values, dim);
    long indexStep = Lines.step(indices, dim);
    Line line = dtype.bytes() > 4 ? new Wide(length) : new Narrow(length, kept);
    long[] places = new long[kept];
    long[] sources = new long[kept];
    long[] targets = new long[kept];
    for (int i = 0; i < kept; i++) {
      targets[i] = i * dtype.countIn(valueStep);
    }
    Lines.forEach(
        dim,
        at -> {
          line.sort(dtype, at[0], step, descending, places);
          for (int i = 0; i < kept; i++) {
            sources[i] = places[i] * dtype.countIn(step);
          }
          Elements.copy(dtype, at[0], sources, at[1], targets, kept);
          long stride = indices.dtype().countIn(indexStep);
          Blocks.store(places, 0, indices.dtype(), at[2], stride, kept);
        },
        x,
        values,
        indices);
  }

  /** Work memory for one line after the other. */
  private interface Line {
    /** Writes the places of a line's first elements in order. */
    void sort(DType dtype, long first, long step, boolean descending, long[] places);
  }

  /** Values of at most 32 bits. */
  private static final class Narrow implements Line {
    private final int length;

    /** Where few are wanted, the best so far come first, and new ones after them. */
    private final int kept;

    private final long[] keys;
    private long[] spare;
    private final int[] starts = new int[3 * RADIX];

    Narrow(int length, int kept) {
      this.length = length;
      this.kept = kept;
      this.keys = new long[length];
    }

    @Override
    public void sort(DType dtype, long first, long step, boolean descending, long[] places) {
      if (kept == 0) {
        return;
      }
      if (dtype.isFloatingPoint()) {
        float[] values = Operands.ofThread().floats()[0];
        for (int done = 0; done < length; done += Operands.LENGTH) {
          int some = Math.min(Operands.LENGTH, length - done);
          Blocks.load(dtype, first + done * step, dtype.countIn(step), values, 0, some);
          key(values, descending ? -1 : 0, done, some);
        }
      } else {
        Blocks.load(dtype, first, dtype.countIn(step), keys, 0, length);
        key(descending ? -1 : 0);
      }
      int found = kept < length / 4 ? best() : length;
      sort(found);
      for (int i = 0; i < kept; i++) {
        places[i] = keys[i] & 0xffffffffL;
      }
    }

    private void key(float[] values, int flip, int done, int count) {
      for (int i = 0; i < count; i++) {
        // Adding 0 makes one zero of the two.
        int bits = Float.floatToIntBits(values[i] + 0f);
        int key = bits ^ ((bits >> 31) & Integer.MAX_VALUE) ^ flip;
        keys[done + i] = (long) key << 32 | done + i;
      }
    }

    private void key(int flip) {
      for (int i = 0; i < length; i++) {
        keys[i] = (keys[i] ^ flip) << 32 | i;
      }
    }

    /** Moves a few to the front that hold the first {@code kept}, and says how many. */
    private int best() {
      int room = Math.min(length, Math.max(2 * kept, 64));
      int count = 0;
      long worst = Long.MAX_VALUE;
      for (int i = 0; i < length; i++) {
        long key = keys[i];
        if (key < worst) {
          keys[count++] = key;
          if (count == room) {
            Arrays.sort(keys, 0, count);
            count = kept;
            worst = keys[kept - 1];
          }
        }
      }
      return count;
    }

    private void sort(int count) {
      if (count <= SHORT) {
        Arrays.sort(keys, 0, count);
        return;
      }
      spare = spare == null ? new long[length] : spare;
      long[] from = keys;
      long[] to = spare;
      Arrays.fill(starts, 0);
      for (int i = 0; i < count; i++) {
        int value = (int) (from[i] >> 32) ^ Integer.MIN_VALUE;
        starts[value & MASK]++;
        starts[RADIX + (value >>> DIGIT & MASK)]++;
        starts[2 * RADIX + (value >>> 2 * DIGIT)]++;
      }
      for (int digit = 0; digit < 3; digit++) {
        int total = 0;
        for (int i = digit * RADIX; i < (digit + 1) * RADIX; i++) {
          int here = starts[i];
          starts[i] = total;
          total += here;
        }
        for (int i = 0; i < count; i++) {
          int value = (int) (from[i] >> 32) ^ Integer.MIN_VALUE;
          to[starts[digit * RADIX + (value >>> digit * DIGIT & MASK)]++] = from[i];
        }
        long[] sorted = to;
        to = from;
        from = sorted;
      }
      System.arraycopy(from, 0, keys, 0, count); // after three exchanges they are in the other
    }
  }

  /** Values of 64 bits. */
  private static final class Wide implements Line {
    private final long[] keys;
    private final int[] order;
    private final int[] spare;

    Wide(int length) {
      this.keys = new long[length];
      this.order = new int[length];
      this.spare = new int[length];
    }

    @Override
    public void sort(DType dtype, long first, long step, boolean descending, long[] places) {
      for (int i = 0; i < order.length; i++) {
        long key = key(dtype, first + i * step);
        keys[i] = descending ? ~key : key;
        order[i] = i;
      }
      SortLoop.sort(keys, order, spare);
      for (int i = 0; i < places.length; i++) {
        places[i] = order[i];
      }
    }
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
