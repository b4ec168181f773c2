package io.kindling.op.elementwise;

import static io.kindling.memory.OffHeap.getDouble;
import static io.kindling.memory.OffHeap.getFloat;
import static io.kindling.memory.OffHeap.getLong;
import static io.kindling.memory.OffHeap.putDouble;
import static io.kindling.memory.OffHeap.putFloat;
import static io.kindling.memory.OffHeap.putLong;

import io.kindling.KindlingException;
import io.kindling.op.GradientContext;
import io.kindling.tensor.Tensor;

/** The remainder of {@code a / b}, with the sign of a. */
public record Fmod() implements BinaryOp {
  private static long nonZero(long divisor) {
    if (divisor == 0) {
      throw new KindlingException(
          "fmod: integers cannot be divided by zero; convert one side to a floating type");
    }
    return divisor;
  }

  @Override
  public void floats(long a, long b, long output, int count) {
    for (int i = 0; i < count; i++) {
      float x = getFloat(a + 4L * i);
      float y = getFloat(b + 4L * i);
      putFloat(output + 4L * i, x % y);
    }
  }

  @Override
  public void doubles(long a, long b, long output, int count) {
    for (int i = 0; i < count; i++) {
      double x = getDouble(a + 8L * i);
      double y = getDouble(b + 8L * i);
      putDouble(output + 8L * i, x % y);
    }
  }

  @Override
  public void longs(long a, long b, long output, int count) {
    for (int i = 0; i < count; i++) {
      long x = getLong(a + 8L * i);
      long y = getLong(b + 8L * i);
      putLong(output + 8L * i, x % nonZero(y));
    }
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return needed[1];
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor g = gradients[0];
    Tensor toSecond = null;
    if (context.needs(1)) {
      Tensor quotient = context.input(0).detach().div(context.input(1).detach());
      toSecond = g.neg().mul(quotient.trunc());
    }
    return new Tensor[] {g, toSecond};
  }
}
