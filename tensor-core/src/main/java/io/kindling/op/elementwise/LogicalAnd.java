package io.kindling.op.elementwise;

import static io.kindling.memory.OffHeap.getDouble;
import static io.kindling.memory.OffHeap.getFloat;
import static io.kindling.memory.OffHeap.getLong;
import static io.kindling.memory.OffHeap.putDouble;
import static io.kindling.memory.OffHeap.putFloat;
import static io.kindling.memory.OffHeap.putLong;

/** Whether both values differ from 0, as booleans. */
public record LogicalAnd() implements ComparisonOp {
  @Override
  public void floats(long a, long b, long output, int count) {
    for (int i = 0; i < count; i++) {
      float x = getFloat(a + 4L * i);
      float y = getFloat(b + 4L * i);
      putFloat(output + 4L * i, x != 0 && y != 0 ? 1 : 0);
    }
  }

  @Override
  public void doubles(long a, long b, long output, int count) {
    for (int i = 0; i < count; i++) {
      double x = getDouble(a + 8L * i);
      double y = getDouble(b + 8L * i);
      putDouble(output + 8L * i, x != 0 && y != 0 ? 1 : 0);
    }
  }

  @Override
  public void longs(long a, long b, long output, int count) {
    for (int i = 0; i < count; i++) {
      long x = getLong(a + 8L * i);
      long y = getLong(b + 8L * i);
      putLong(output + 8L * i, x != 0 && y != 0 ? 1 : 0);
    }
  }
}
