package io.kindling.op.reduce;

import io.kindling.backend.cpu.Sums;
import io.kindling.op.GradientContext;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;
import java.util.List;

/**
 * The sum; integers and booleans are summed as int64.
 *
 * @param dims the reduced dimensions; empty means all
 * @param keepDim whether they stay with size 1
 */
public record Sum(List<Integer> dims, boolean keepDim) implements Reduction {
  @Override
  public double identity() {
    return 0;
  }

  @Override
  public double combine(double a, double b) {
    return a + b;
  }

  @Override
  public double fold(double[] x, int count) {
    return Sums.of(x, count);
  }

  @Override
  public void accumulate(double[] x, double[] partial, int count) {
    for (int i = 0; i < count; i++) {
      partial[i] += x[i];
    }
  }

  @Override
  public boolean inFloats() {
    return true;
  }

  @Override
  public void accumulate(float[] x, float[] partial, int count) {
    for (int i = 0; i < count; i++) {
      partial[i] += x[i];
    }
  }

  @Override
  public void accumulate(long[] x, long[] partial, int count) {
    for (int i = 0; i < count; i++) {
      partial[i] += x[i];
    }
  }

  @Override
  public DType result(DType input) {
    return input.isFloatingPoint() ? input : DType.INT64;
  }

  @Override
  public long combineLongs(long a, long b) {
    return a + b;
  }

  @Override
  public long identityLongs() {
    return 0;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    return new Tensor[] {
      withReducedDims(gradients[0], context.inputSpec(0).shape())
          .expand(context.inputSpec(0).shape().toArray())
    };
  }
}
