package io.kindling.op.reduce;

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
  public double fold(double[] x, int count) {
    double result = x[0];
    for (int i = 1; i < count; i++) {
      result = Math.min(result, x[i]);
    }
    return result;
  }

  @Override
  public void accumulate(double[] x, double[] partial, int count) {
    for (int i = 0; i < count; i++) {
      partial[i] = Math.min(partial[i], x[i]);
    }
  }

  @Override
  public boolean inFloats() {
    return true;
  }

  @Override
  public void accumulate(float[] x, float[] partial, int count) {
    for (int i = 0; i < count; i++) {
      partial[i] = Math.min(partial[i], x[i]);
    }
  }

  @Override
  public void accumulate(long[] x, long[] partial, int count) {
    for (int i = 0; i < count; i++) {
      partial[i] = Math.min(partial[i], x[i]);
    }
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
