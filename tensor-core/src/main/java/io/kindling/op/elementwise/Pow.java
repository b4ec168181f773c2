package io.kindling.op.elementwise;

import io.kindling.KindlingException;
import io.kindling.op.GradientContext;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;

/**
 * {@code a^b}. Integers stay integers: of 1 and -1 there are negative powers, those of others are
 * 0. A negative number as exponent of integers is refused.
 */
public record Pow() implements BinaryOp {
  @Override
  public DType result(Tensor[] inputs) {
    DType promoted = promotedNumber(inputs);
    boolean refused = !promoted.isFloatingPoint() && inputs[1].isNumber() && inputs[1].item() < 0;
    if (refused) {
      throw new KindlingException(
          "pow: integers have no negative integer powers; convert them with to()");
    }
    return promoted;
  }

  private static long power(long base, long exponent) {
    if (exponent < 0) {
      return base == 1 ? 1 : base == -1 ? (exponent % 2 == 0 ? 1 : -1) : 0;
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
  public void floats(float[] a, float[] b, float[] out, int count) {
    if (b[0] == 2 && isConstant(b, count)) {
      square(a, out, count);
    } else if (b[0] == 3 && isConstant(b, count)) {
      cube(a, out, count);
    } else {
      for (int i = 0; i < count; i++) {
        out[i] = (float) Math.pow(a[i], b[i]);
      }
    }
  }

  private static boolean isConstant(float[] values, int count) {
    for (int i = 1; i < count; i++) {
      if (values[i] != values[0]) {
        return false;
      }
    }
    return true;
  }

  private static void square(float[] a, float[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = a[i] * a[i];
    }
  }

  private static void cube(float[] a, float[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = a[i] * a[i] * a[i];
    }
  }

  @Override
  public void doubles(double[] a, double[] b, double[] out, int count) {
    if (b[0] == 2 && isConstant(b, count)) {
      square(a, out, count);
    } else if (b[0] == 3 && isConstant(b, count)) {
      cube(a, out, count);
    } else {
      for (int i = 0; i < count; i++) {
        out[i] = Math.pow(a[i], b[i]);
      }
    }
  }

  private static boolean isConstant(double[] values, int count) {
    for (int i = 1; i < count; i++) {
      if (values[i] != values[0]) {
        return false;
      }
    }
    return true;
  }

  private static void square(double[] a, double[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = a[i] * a[i];
    }
  }

  private static void cube(double[] a, double[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = a[i] * a[i] * a[i];
    }
  }

  @Override
  public void longs(long[] a, long[] b, long[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = power(a[i], b[i]);
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
