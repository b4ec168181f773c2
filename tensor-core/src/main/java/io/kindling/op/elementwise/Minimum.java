package io.kindling.op.elementwise;

import static io.kindling.memory.OffHeap.getDouble;
import static io.kindling.memory.OffHeap.getFloat;
import static io.kindling.memory.OffHeap.getLong;
import static io.kindling.memory.OffHeap.putDouble;
import static io.kindling.memory.OffHeap.putFloat;
import static io.kindling.memory.OffHeap.putLong;

import io.kindling.op.GradientContext;
import io.kindling.tensor.Tensor;

/** The smaller of two; NaN if either is. Where both are equal each gets half the gradient. */
public record Minimum() implements BinaryOp {
  @Override
  public void floats(long a, long b, long output, int count) {
    for (int i = 0; i < count; i++) {
      float x = getFloat(a + 4L * i);
      float y = getFloat(b + 4L * i);
      putFloat(output + 4L * i, Math.min(x, y));
    }
  }

  @Override
  public void doubles(long a, long b, long output, int count) {
    for (int i = 0; i < count; i++) {
      double x = getDouble(a + 8L * i);
      double y = getDouble(b + 8L * i);
      putDouble(output + 8L * i, Math.min(x, y));
    }
  }

  @Override
  public void longs(long a, long b, long output, int count) {
    for (int i = 0; i < count; i++) {
      long x = getLong(a + 8L * i);
      long y = getLong(b + 8L * i);
      putLong(output + 8L * i, Math.min(x, y));
    }
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return true;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor g = gradients[0];
    Tensor a = context.input(0);
    Tensor b = context.input(1);
    // Where either is NaN both get the whole gradient.
    Tensor shared = Tensor.where(a.eq(b), g.div(2), g);
    return new Tensor[] {
      context.needs(0) ? shared.mul(a.gt(b).logicalNot()) : null,
      context.needs(1) ? shared.mul(a.lt(b).logicalNot()) : null
    };
  }
}
