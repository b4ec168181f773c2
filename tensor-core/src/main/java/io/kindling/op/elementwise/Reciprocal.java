package io.kindling.op.elementwise;

import static io.kindling.memory.OffHeap.getDouble;
import static io.kindling.memory.OffHeap.getFloat;
import static io.kindling.memory.OffHeap.putDouble;
import static io.kindling.memory.OffHeap.putFloat;

import io.kindling.op.GradientContext;
import io.kindling.tensor.Tensor;

/** {@code 1 / x}. */
public record Reciprocal() implements UnaryOp {
  @Override
  public void floats(long x, long output, int count) {
    for (int i = 0; i < count; i++) {
      float v = getFloat(x + 4L * i);
      putFloat(output + 4L * i, (float) (1 / v));
    }
  }

  @Override
  public void doubles(long x, long output, int count) {
    for (int i = 0; i < count; i++) {
      double v = getDouble(x + 8L * i);
      putDouble(output + 8L * i, (1 / v));
    }
  }

  @Override
  public boolean savesOutput(int index) {
    return true;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor y = context.output(0);
    return new Tensor[] {gradients[0].mul(y.mul(y)).neg()};
  }
}
