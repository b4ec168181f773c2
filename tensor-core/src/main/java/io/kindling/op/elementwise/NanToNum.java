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

/** Numbers for what is none: one for NaN, one for infinity and one for minus infinity. */
public record NanToNum(double nan, double infinity, double minusInfinity) implements UnaryOp {
  @Override
  public DType result(Tensor[] inputs) {
    return inputs[0].dtype();
  }

  @Override
  public void floats(long x, long output, int count) {
    for (int i = 0; i < count; i++) {
      putFloat(output + 4L * i, (float) number(getFloat(x + 4L * i)));
    }
  }

  @Override
  public void doubles(long x, long output, int count) {
    for (int i = 0; i < count; i++) {
      putDouble(output + 8L * i, number(getDouble(x + 8L * i)));
    }
  }

  @Override
  public void longs(long x, long output, int count) {
    for (int i = 0; i < count; i++) {
      putLong(output + 8L * i, getLong(x + 8L * i));
    }
  }

  private double number(double value) {
    if (Double.isNaN(value)) {
      return nan;
    }
    return Double.isInfinite(value) ? value > 0 ? infinity : minusInfinity : value;
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return true;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor replaced = context.input(0).isfinite().logicalNot();
    return new Tensor[] {gradients[0].maskedFill(replaced, 0)};
  }
}
