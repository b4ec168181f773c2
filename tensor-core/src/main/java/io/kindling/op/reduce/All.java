package io.kindling.op.reduce;

import io.kindling.tensor.DType;
import java.util.List;

/**
 * Whether all values differ from 0; NaN does.
 *
 * @param dims the reduced dimensions; empty means all
 * @param keepDim whether they stay with size 1
 */
public record All(List<Integer> dims, boolean keepDim) implements Reduction {
  @Override
  public DType result(DType input) {
    return input == DType.UINT8 ? input : DType.BOOL;
  }

  @Override
  public double identity() {
    return 1;
  }

  @Override
  public double combine(double a, double b) {
    return a != 0 && b != 0 ? 1 : 0;
  }

  @Override
  public double fold(double[] x, int count) {
    double result = x[0];
    for (int i = 1; i < count; i++) {
      result = combine(result, x[i]);
    }
    return result;
  }

  @Override
  public void accumulate(double[] x, double[] partial, int count) {
    for (int i = 0; i < count; i++) {
      partial[i] = combine(partial[i], x[i]);
    }
  }

  @Override
  public void accumulate(long[] x, long[] partial, int count) {
    for (int i = 0; i < count; i++) {
      partial[i] = combineLongs(partial[i], x[i]);
    }
  }

  @Override
  public long identityLongs() {
    return 1;
  }

  @Override
  public long combineLongs(long a, long b) {
    return ((a | -a) & (b | -b)) >>> 63; // without a branch
  }
}
