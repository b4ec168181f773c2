package io.kindling.op.elementwise;

import static io.kindling.memory.OffHeap.getDouble;
import static io.kindling.memory.OffHeap.getFloat;
import static io.kindling.memory.OffHeap.getLong;
import static io.kindling.memory.OffHeap.putDouble;
import static io.kindling.memory.OffHeap.putFloat;
import static io.kindling.memory.OffHeap.putLong;

import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;

/** Whether the value is 0, as booleans. */
public record LogicalNot() implements UnaryOp {
  @Override
  public DType result(Tensor[] inputs) {
    return DType.BOOL;
  }

  @Override
  public DType compute(Tensor[] inputs, DType result) {
    return inputs[0].dtype().compute();
  }

  @Override
  public void floats(long x, long output, int count) {
    for (int i = 0; i < count; i++) {
      float v = getFloat(x + 4L * i);
      putFloat(output + 4L * i, v == 0 ? 1 : 0);
    }
  }

  @Override
  public void doubles(long x, long output, int count) {
    for (int i = 0; i < count; i++) {
      double v = getDouble(x + 8L * i);
      putDouble(output + 8L * i, v == 0 ? 1 : 0);
    }
  }

  @Override
  public void longs(long x, long output, int count) {
    for (int i = 0; i < count; i++) {
      long v = getLong(x + 8L * i);
      putLong(output + 8L * i, v == 0 ? 1 : 0);
    }
  }
}
