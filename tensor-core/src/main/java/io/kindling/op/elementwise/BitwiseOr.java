package io.kindling.op.elementwise;

import static io.kindling.memory.OffHeap.getLong;
import static io.kindling.memory.OffHeap.putLong;

/** The bits that either has. */
public record BitwiseOr() implements BitwiseOp {
  @Override
  public void longs(long a, long b, long output, int count) {
    for (int i = 0; i < count; i++) {
      long x = getLong(a + 8L * i);
      long y = getLong(b + 8L * i);
      putLong(output + 8L * i, x | y);
    }
  }
}
