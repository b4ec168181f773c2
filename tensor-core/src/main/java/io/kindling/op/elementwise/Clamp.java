package io.kindling.op.elementwise;

import static io.kindling.memory.OffHeap.getDouble;
import static io.kindling.memory.OffHeap.getFloat;
import static io.kindling.memory.OffHeap.getLong;
import static io.kindling.memory.OffHeap.putDouble;
import static io.kindling.memory.OffHeap.putFloat;
import static io.kindling.memory.OffHeap.putLong;

import io.kindling.op.GradientContext;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;

/** {@code min(max(x, low), high)}; NaN stays NaN. Infinite bounds leave their side open. */
public record Clamp(double low, double high) implements UnaryOp {
  @Override
  public DType result(Tensor[] inputs) {
    DType dtype = inputs[0].dtype();
    boolean stays = dtype.isFloatingPoint() || (whole(low) && whole(high));
    return stays ? dtype : DType.FLOAT32;
  }

  private static boolean whole(double bound) {
    return bound == Math.rint(bound);
  }

  @Override
  public void floats(long x, long output, int count) {
    for (int i = 0; i < count; i++) {
      float v = getFloat(x + 4L * i);
      putFloat(output + 4L * i, (float) Math.min(Math.max(v, low), high));
    }
  }

  @Override
  public void doubles(long x, long output, int count) {
    for (int i = 0; i < count; i++) {
      double v = getDouble(x + 8L * i);
      putDouble(output + 8L * i, Math.min(Math.max(v, low), high));
    }
  }

  @Override
  public void longs(long x, long output, int count) {
    for (int i = 0; i < count; i++) {
      long v = getLong(x + 8L * i);
      putLong(output + 8L * i, (long) Math.min(Math.max(v, low), high));
    }
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return true;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor x = context.input(0);
    Tensor inside = x.ge(low).logicalAnd(x.le(high));
    return new Tensor[] {gradients[0].mul(inside)};
  }
}
