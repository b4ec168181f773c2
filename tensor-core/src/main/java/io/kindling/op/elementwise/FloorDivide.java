package io.kindling.op.elementwise;

import static io.kindling.memory.OffHeap.getDouble;
import static io.kindling.memory.OffHeap.getFloat;
import static io.kindling.memory.OffHeap.getLong;
import static io.kindling.memory.OffHeap.putDouble;
import static io.kindling.memory.OffHeap.putFloat;
import static io.kindling.memory.OffHeap.putLong;

import io.kindling.KindlingException;

/** The largest integer that is not larger than {@code a / b}. It has no gradient. */
public record FloorDivide() implements BinaryOp {
  private static long nonZero(long divisor) {
    if (divisor == 0) {
      throw new KindlingException(
          "floorDivide: integers cannot be divided by zero; convert one side to a floating type");
    }
    return divisor;
  }

  private static double quotient(double x, double y) {
    if (y == 0) {
      return x / y;
    }
    // From what is left of x, so that rounding cannot lift the quotient over an integer.
    double rest = x % y;
    double whole = (x - rest) / y;
    if (rest != 0 && rest < 0 != y < 0) {
      whole -= 1;
    }
    return whole == 0 ? Math.copySign(0.0, x / y) : Math.rint(whole);
  }

  @Override
  public void floats(long a, long b, long output, int count) {
    for (int i = 0; i < count; i++) {
      float x = getFloat(a + 4L * i);
      float y = getFloat(b + 4L * i);
      putFloat(output + 4L * i, (float) quotient(x, y));
    }
  }

  @Override
  public void doubles(long a, long b, long output, int count) {
    for (int i = 0; i < count; i++) {
      double x = getDouble(a + 8L * i);
      double y = getDouble(b + 8L * i);
      putDouble(output + 8L * i, quotient(x, y));
    }
  }

  @Override
  public void longs(long a, long b, long output, int count) {
    for (int i = 0; i < count; i++) {
      long x = getLong(a + 8L * i);
      long y = getLong(b + 8L * i);
      putLong(output + 8L * i, Math.floorDiv(x, nonZero(y)));
    }
  }
}
