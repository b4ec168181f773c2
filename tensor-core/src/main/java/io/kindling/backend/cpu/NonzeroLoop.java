package io.kindling.backend.cpu;

import io.kindling.op.Spec;
import io.kindling.op.elementwise.Copy;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;

/** Finds the elements that are not 0, without a branch that would depend on each. */
public final class NonzeroLoop {
  private NonzeroLoop() {}

  /** How many elements are not 0. */
  public static long count(Tensor x) {
    long[] total = new long[1];
    forEachBlock(
        x,
        (flags, first, count) -> {
          total[0] += sum(flags, count);
        });
    return total[0];
  }

  /**
   * Writes the positions of the elements that are not 0, in row-major order.
   *
   * @param out {@code (count, dimensions)} of int64; what is found beyond its rows is left out,
   *     since another thread may have written to x since it was counted
   */
  public static void run(Tensor x, Tensor out) {
    int rank = x.dim();
    long[] sizes = x.shape().toArray();
    long[] places = new long[Operands.LENGTH];
    long[] row = new long[1];
    forEachBlock(
        x,
        (flags, first, count) -> {
          int found = find(flags, first, count, places);
          int kept = (int) Math.min(found, out.size(0) - row[0]);
          for (int d = rank - 1; d >= 0; d--) {
            long stride = out.stride(0);
            long target = out.address() + (row[0] * stride + d * out.stride(1)) * Long.BYTES;
            split(places, sizes[d], d == 0, kept, target, stride * Long.BYTES);
          }
          row[0] += kept;
        });
  }

  private static long sum(long[] flags, int count) {
    long sum = 0;
    for (int i = 0; i < count; i++) {
      sum += flags[i];
    }
    return sum;
  }

  /** Writes the places whose flag is set, and says how many there are. */
  private static int find(long[] flags, long first, int count, long[] places) {
    int found = 0;
    for (int i = 0; i < count; i++) {
      places[found] = first + i;
      found += (int) flags[i];
    }
    return found;
  }

  /** Writes the places' positions in the fastest dimension and keeps those in the others. */
  private static void split(
      long[] places, long size, boolean last, int count, long target, long step) {
    long[] positions = Operands.ofThread().wide();
    for (int i = 0; i < count; i++) {
      long rest = last ? 0 : places[i] / size;
      positions[i] = places[i] - rest * size;
      places[i] = rest;
    }
    IntegerBlocks.store(positions, 0, DType.INT64, target, step, count);
  }

  @FunctionalInterface
  private interface Body {
    /**
     * Gets the next elements in row-major order.
     *
     * @param flags 1 for each that is not 0, else 0
     * @param first the first one's place
     */
    void take(long[] flags, long first, int count);
  }

  private static void forEachBlock(Tensor x, Body body) {
    if (!x.isContiguous()) {
      try (Tensor dense = Tensor.allocate(Spec.of(x.shape(), x.dtype()), x.device())) {
        new Copy(x.dtype(), null).reference(new Tensor[] {x}, new Tensor[] {dense});
        forEachBlock(dense, body);
      }
      return;
    }
    DType dtype = x.dtype();
    long[] flags = Operands.ofThread().longs()[0];
    double[] values = dtype.isFloatingPoint() ? Operands.ofThread().doubles()[0] : null;
    for (long done = 0; done < x.numel(); done += Operands.LENGTH) {
      int count = (int) Math.min(Operands.LENGTH, x.numel() - done);
      long source = x.address() + done * dtype.bytes();
      if (values == null) {
        Blocks.load(dtype, source, 1, flags, 0, count);
        flag(flags, count);
      } else {
        Blocks.load(dtype, source, 1, values, 0, count);
        flag(values, flags, count);
      }
      body.take(flags, done, count);
    }
  }

  private static void flag(long[] values, int count) {
    for (int i = 0; i < count; i++) {
      values[i] = BooleanBlocks.isNotZero(values[i]);
    }
  }

  private static void flag(double[] values, long[] flags, int count) {
    for (int i = 0; i < count; i++) {
      flags[i] = BooleanBlocks.isNotZero(values[i]);
    }
  }
}
