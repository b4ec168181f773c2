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

/** {@code a^b}. Integers stay integers and need exponents that are not negative. */
public record Pow() implements BinaryOp {

  private static long power(long base, long exponent) {
    if (exponent < 0) {
      throw new KindlingException(
          "pow: integers have no negative integer powers; convert one side to a floating type");
    }
    long result = 1;
    long square = base;
    for (long left = exponent; left > 0; left >>= 1) {
      result *= (left & 1) == 1 ? square : 1;
      square *= square;
    }
    return result;
  }

  @Override
  public void floats(long a, long b, long output, int count) {
    for (int i = 0; i < count; i++) {
      float x = getFloat(a + 4L * i);
      float y = getFloat(b + 4L * i);
      putFloat(output + 4L * i, (float) Math.pow(x, y));
    }
  }

  @Override
  public void doubles(long a, long b, long output, int count) {
    for (int i = 0; i < count; i++) {
      double x = getDouble(a + 8L * i);
      double y = getDouble(b + 8L * i);
      putDouble(output + 8L * i, Math.pow(x, y));
    }
  }

  @Override
  public void longs(long a, long b, long output, int count) {
    for (int i = 0; i < count; i++) {
      long x = getLong(a + 8L * i);
      long y = getLong(b + 8L * i);
      putLong(output + 8L * i, power(x, y));
    }
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return true;
  }

  @Override
  public boolean savesOutput(int index) {
    return true;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor g = gradients[0];
    Tensor a = context.input(0);
    Tensor b = context.input(1);
    Tensor toBase = null;
    Tensor toExponent = null;
    Tensor zero = Tensor.zerosLike(g);
    if (context.needs(0)) {
      // 0 * 0^-1 must not become NaN.
      toBase = Tensor.where(b.eq(0), zero, g.mul(b).mul(a.pow(b.sub(1))));
    }
    if (context.needs(1)) {
      Tensor flat = a.eq(0).logicalAnd(b.ge(0));
      toExponent = Tensor.where(flat, zero, g.mul(context.output(0)).mul(a.log()));
    }
    return new Tensor[] {toBase, toExponent};
  }
}
