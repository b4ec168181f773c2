package io.kindling.backend.cpu;

import io.kindling.memory.OffHeap;
import io.kindling.tensor.DType;

/** Sums in doubles: of the first elements of an array, of a line in memory. */
public final class Sums {
  /** A copy to an array costs as much as so few reads. */
  private static final int FEWEST = 16;

  private Sums() {}

  /** The sum of the first elements. Four sums at a time hide the latency of an addition. */
  public static double of(double[] values, int count) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = 0;
    for (; i + 3 < count; i += 4) {
      a += values[i];
      b += values[i + 1];
      c += values[i + 2];
      d += values[i + 3];
    }
    for (; i < count; i++) {
      a += values[i];
    }
    return (a + b) + (c + d);
  }

  /** As {@link #of(double[], int)}. */
  public static double of(float[] values, int count) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = 0;
    for (; i + 3 < count; i += 4) {
      a += values[i];
      b += values[i + 1];
      c += values[i + 2];
      d += values[i + 3];
    }
    for (; i < count; i++) {
      a += values[i];
    }
    return (a + b) + (c + d);
  }

  /**
   * The sum of a line of elements of a floating type.
   *
   * @param step bytes from one to the next
   */
  public static double ofLine(DType dtype, long line, long step, long count) {
    if (dtype == DType.FLOAT32 && step == Float.BYTES && count >= FEWEST) {
      float[] values = Operands.ofThread().floats()[0];
      double sum = 0;
      for (long done = 0; done < count; done += Operands.LENGTH) {
        int some = (int) Math.min(Operands.LENGTH, count - done);
        OffHeap.copyTo(line + done * step, values, 0, some);
        sum += of(values, some);
      }
      return sum;
    }
    double sum = 0;
    for (long i = 0; i < count; i++) {
      sum += dtype.readDouble(line + i * step);
    }
    return sum;
  }
}
