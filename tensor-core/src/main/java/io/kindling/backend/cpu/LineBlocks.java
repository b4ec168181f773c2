package io.kindling.backend.cpu;

import io.kindling.tensor.DType;

/**
 * Hands one line of elements, of any type and {@code step} bytes apart, to a loop over arrays, some
 * thousand at a time.
 */
public final class LineBlocks {
  private LineBlocks() {}

  /** Gets the next elements; the array is reused. */
  @FunctionalInterface
  public interface Doubles {
    /**
     * Reads the values, or replaces them.
     *
     * @param first the first one's place in the line
     */
    void take(double[] values, long first, int count);
  }

  /** As {@link Doubles}. */
  @FunctionalInterface
  public interface Longs {
    void take(long[] values, long first, int count);
  }

  /** Reads a line of a floating type. */
  public static void read(DType dtype, long line, long step, long count, Doubles loop) {
    double[] values = Operands.ofThread().doubles()[0];
    long stride = dtype.countIn(step);
    for (long done = 0; done < count; done += Operands.LENGTH) {
      int some = (int) Math.min(Operands.LENGTH, count - done);
      Blocks.load(dtype, line + done * step, stride, values, 0, some);
      loop.take(values, done, some);
    }
  }

  /** Reads a line of integers or booleans. */
  public static void read(DType dtype, long line, long step, long count, Longs loop) {
    long[] values = Operands.ofThread().longs()[0];
    long stride = dtype.countIn(step);
    for (long done = 0; done < count; done += Operands.LENGTH) {
      int some = (int) Math.min(Operands.LENGTH, count - done);
      Blocks.load(dtype, line + done * step, stride, values, 0, some);
      loop.take(values, done, some);
    }
  }

  /** Reads a line of one floating type and writes what the loop makes of it to one of another. */
  public static void map(
      DType from,
      long line,
      long step,
      DType to,
      long target,
      long targetStep,
      long count,
      Doubles loop) {
    read(
        from,
        line,
        step,
        count,
        (double[] values, long first, int some) -> {
          loop.take(values, first, some);
          long start = target + first * targetStep;
          Blocks.store(values, 0, to, start, to.countIn(targetStep), some);
        });
  }

  /** As {@link #map(DType, long, long, DType, long, long, long, Doubles)}, of integers. */
  public static void map(
      DType from,
      long line,
      long step,
      DType to,
      long target,
      long targetStep,
      long count,
      Longs loop) {
    read(
        from,
        line,
        step,
        count,
        (long[] values, long first, int some) -> {
          loop.take(values, first, some);
          long start = target + first * targetStep;
          Blocks.store(values, 0, to, start, to.countIn(targetStep), some);
        });
  }
}
