package io.kindling.op.elementwise;

import static io.kindling.memory.OffHeap.getDouble;
import static io.kindling.memory.OffHeap.getFloat;
import static io.kindling.memory.OffHeap.getLong;
import static io.kindling.memory.OffHeap.putDouble;
import static io.kindling.memory.OffHeap.putFloat;
import static io.kindling.memory.OffHeap.putLong;

import io.kindling.op.Dispatch;
import io.kindling.op.GradientContext;
import io.kindling.tensor.Tensor;

/**
 * 0 where the second input is at most 0, else the first: the gradient of {@link Relu} from its
 * output. Where that is NaN the gradient passes.
 */
public record ReluBackward() implements BinaryOp {
  @Override
  public void floats(long a, long b, long output, int count) {
    for (int i = 0; i < count; i++) {
      float x = getFloat(a + 4L * i);
      float y = getFloat(b + 4L * i);
      putFloat(output + 4L * i, y <= 0 ? 0 : x);
    }
  }

  @Override
  public void doubles(long a, long b, long output, int count) {
    for (int i = 0; i < count; i++) {
      double x = getDouble(a + 8L * i);
      double y = getDouble(b + 8L * i);
      putDouble(output + 8L * i, y <= 0 ? 0 : x);
    }
  }

  @Override
  public void longs(long a, long b, long output, int count) {
    for (int i = 0; i < count; i++) {
      long x = getLong(a + 8L * i);
      long y = getLong(b + 8L * i);
      putLong(output + 8L * i, y <= 0 ? 0 : x);
    }
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return index == 1;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    // A step function: nothing flows to the second input.
    return new Tensor[] {Dispatch.run(new ReluBackward(), gradients[0], context.input(1)), null};
  }
}
