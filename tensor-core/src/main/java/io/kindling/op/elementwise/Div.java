package io.kindling.op.elementwise;

import static io.kindling.memory.OffHeap.getDouble;
import static io.kindling.memory.OffHeap.getFloat;
import static io.kindling.memory.OffHeap.putDouble;
import static io.kindling.memory.OffHeap.putFloat;

import io.kindling.op.GradientContext;
import io.kindling.tensor.DType;
import io.kindling.tensor.Promotion;
import io.kindling.tensor.Tensor;

/** {@code a / b}; integers are divided as float32, as in PyTorch. */
public record Div() implements BinaryOp {
  @Override
  public DType result(Tensor[] inputs) {
    DType promoted = Promotion.of(inputs);
    return promoted.isFloatingPoint() ? promoted : DType.FLOAT32;
  }

  @Override
  public void floats(long a, long b, long output, int count) {
    for (int i = 0; i < count; i++) {
      float x = getFloat(a + 4L * i);
      float y = getFloat(b + 4L * i);
      putFloat(output + 4L * i, x / y);
    }
  }

  @Override
  public void doubles(long a, long b, long output, int count) {
    for (int i = 0; i < count; i++) {
      double x = getDouble(a + 8L * i);
      double y = getDouble(b + 8L * i);
      putDouble(output + 8L * i, x / y);
    }
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return index == 1 || needed[1];
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor g = gradients[0];
    Tensor b = context.input(1);
    return new Tensor[] {
      context.needs(0) ? g.div(b) : null,
      context.needs(1) ? g.neg().mul(context.input(0)).div(b.mul(b)) : null
    };
  }
}
