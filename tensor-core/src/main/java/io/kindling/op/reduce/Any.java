package io.kindling.op.reduce;

import static io.kindling.memory.OffHeap.getDouble;
import static io.kindling.memory.OffHeap.getLong;
import static io.kindling.memory.OffHeap.putDouble;

import io.kindling.tensor.DType;
import java.util.List;

/**
 * Whether any value differs from 0; NaN does.
 *
 * @param dims the reduced dimensions; empty means all
 * @param keepDim whether they stay with size 1
 */
public record Any(List<Integer> dims, boolean keepDim) implements Reduction {
  @Override
  public DType result(DType input) {
    return DType.BOOL;
  }

  @Override
  public double identity() {
    return 0;
  }

  @Override
  public double combine(double a, double b) {
    return a != 0 || b != 0 ? 1 : 0;
  }

  @Override
  public double fold(long x, int count) {
    double result = identity();
    for (int i = 0; i < count; i++) {
      result = combine(result, getDouble(x + 8L * i));
    }
    return result;
  }

  @Override
  public void accumulate(long x, long partial, int count) {
    for (int i = 0; i < count; i++) {
      putDouble(partial + 8L * i, combine(getDouble(partial + 8L * i), getDouble(x + 8L * i)));
    }
  }

  @Override
  public long identityLongs() {
    return 0;
  }

  @Override
  public long combineLongs(long a, long b) {
    return a != 0 || b != 0 ? 1 : 0;
  }

  @Override
  public long foldLongs(long x, int count) {
    long result = identityLongs();
    for (int i = 0; i < count; i++) {
      result = combineLongs(result, getLong(x + 8L * i));
    }
    return result;
  }
}
