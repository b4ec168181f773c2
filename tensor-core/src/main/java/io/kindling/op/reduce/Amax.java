package io.kindling.op.reduce;

import static io.kindling.memory.OffHeap.getDouble;
import static io.kindling.memory.OffHeap.getLong;
import static io.kindling.memory.OffHeap.putDouble;

import io.kindling.op.Dispatch;
import io.kindling.op.GradientContext;
import io.kindling.tensor.Tensor;
import java.util.List;

/**
 * The largest value; NaN if there is one. Equal largest values share the gradient.
 *
 * @param dims the reduced dimensions; empty means all
 * @param keepDim whether they stay with size 1
 */
public record Amax(List<Integer> dims, boolean keepDim) implements Reduction {
  @Override
  public double identity() {
    return Double.NaN;
  }

  @Override
  public double combine(double a, double b) {
    return Math.max(a, b);
  }

  @Override
  public double fold(long x, int count) {
    double max = getDouble(x);
    for (int i = 1; i < count; i++) {
      max = Math.max(max, getDouble(x + 8L * i));
    }
    return max;
  }

  @Override
  public void accumulate(long x, long partial, int count) {
    for (int i = 0; i < count; i++) {
      double a = getDouble(partial + 8L * i);
      double b = getDouble(x + 8L * i);
      putDouble(partial + 8L * i, Math.max(a, b));
    }
  }

  @Override
  public long foldLongs(long x, int count) {
    long max = getLong(x);
    for (int i = 1; i < count; i++) {
      max = Math.max(max, getLong(x + 8L * i));
    }
    return max;
  }

  @Override
  public long combineLongs(long a, long b) {
    return Math.max(a, b);
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
