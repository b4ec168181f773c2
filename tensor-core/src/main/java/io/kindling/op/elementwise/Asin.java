package io.kindling.op.elementwise;

import static io.kindling.memory.OffHeap.getDouble;
import static io.kindling.memory.OffHeap.getFloat;
import static io.kindling.memory.OffHeap.putDouble;
import static io.kindling.memory.OffHeap.putFloat;

import io.kindling.op.GradientContext;
import io.kindling.tensor.Tensor;

/** The inverse of the sine; NaN outside -1 to 1. */
public record Asin() implements UnaryOp {
  @Override
  public void floats(long x, long output, int count) {
    for (int i = 0; i < count; i++) {
      float v = getFloat(x + 4L * i);
      putFloat(output + 4L * i, (float) Math.asin(v));
    }
  }

  @Override
  public void doubles(long x, long output, int count) {
    for (int i = 0; i < count; i++) {
      double v = getDouble(x + 8L * i);
      putDouble(output + 8L * i, Math.asin(v));
    }
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return true;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    return new Tensor[] {gradients[0].mul(context.input(0).square().neg().add(1).rsqrt())};
  }
}
