package io.kindling.op.reduce;

import io.kindling.op.GradientContext;
import io.kindling.tensor.Tensor;

/** The sum of each value along a dimension and all before it. */
public record CumSum(int dim) implements Cumulative {
  @Override
  public String name() {
    return "cumsum";
  }

  @Override
  public double combine(double before, double value) {
    return before + value;
  }

  @Override
  public long combine(long before, long value) {
    return before + value;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    return new Tensor[] {gradients[0].flip(dim).cumsum(dim).flip(dim)};
  }
}
