package io.kindling.op.reduce;

import static io.kindling.memory.OffHeap.getDouble;
import static io.kindling.memory.OffHeap.getLong;
import static io.kindling.memory.OffHeap.putDouble;

import io.kindling.op.Dispatch;
import io.kindling.op.GradientContext;
import io.kindling.tensor.Tensor;
import java.util.List;

/**
 * The smallest value; NaN if there is one. Equal smallest values share the gradient.
 *
 * @param dims the reduced dimensions; empty means all
 * @param keepDim whether they stay with size 1
 */
public record Amin(List<Integer> dims, boolean keepDim) implements Reduction {
  @Override
  public double identity() {
    return Double.NaN;
  }

  @Override
  public double combine(double a, double b) {
    return Math.min(a, b);
  }

  @Override
  public double fold(long x, int count) {
    double min = getDouble(x);
    for (int i = 1; i < count; i++) {
      min = Math.min(min, getDouble(x + 8L * i));
    }
    return min;
  }

  @Override
  public void accumulate(long x, long partial, int count) {
    for (int i = 0; i < count; i++) {
      double a = getDouble(partial + 8L * i);
      double b = getDouble(x + 8L * i);
      putDouble(partial + 8L * i, Math.min(a, b));
    }
  }

  @Override
  public long foldLongs(long x, int count) {
    long min = getLong(x);
    for (int i = 1; i < count; i++) {
      min = Math.min(min, getLong(x + 8L * i));
    }
    return min;
  }

  @Override
  public long combineLongs(long a, long b) {
    return Math.min(a, b);
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return true;
  }

  @Override
  public boolean savesOutput(int index) {
    return true;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor x = context.input(0);
    Tensor mask = x.eq(withReducedDims(context.output(0), x.shape())).to(x.dtype());
    Tensor shares = Dispatch.run(new Sum(dims, true), mask);
    Tensor g = withReducedDims(gradients[0], x.shape());
    return new Tensor[] {mask.mul(g.div(shares))};
  }
}
