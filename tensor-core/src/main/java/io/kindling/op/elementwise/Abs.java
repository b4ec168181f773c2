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

/** The absolute value; its gradient at 0 is 0. */
public record Abs() implements UnaryOp {
  @Override
  public DType result(Tensor[] inputs) {
    return inputs[0].dtype();
  }

  @Override
  public void floats(long x, long output, int count) {
    for (int i = 0; i < count; i++) {
      float v = getFloat(x + 4L * i);
      putFloat(output + 4L * i, Math.abs(v));
    }
  }

  @Override
  public void doubles(long x, long output, int count) {
    for (int i = 0; i < count; i++) {
      double v = getDouble(x + 8L * i);
      putDouble(output + 8L * i, Math.abs(v));
    }
  }

  @Override
  public void longs(long x, long output, int count) {
    for (int i = 0; i < count; i++) {
      long v = getLong(x + 8L * i);
      putLong(output + 8L * i, Math.abs(v));
    }
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return true;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    return new Tensor[] {gradients[0].mul(context.input(0).sign())};
  }
}
