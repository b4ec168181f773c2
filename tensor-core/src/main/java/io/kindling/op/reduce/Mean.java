package io.kindling.op.reduce;

import io.kindling.DTypeException;
import io.kindling.backend.cpu.Sums;
import io.kindling.op.GradientContext;
import io.kindling.tensor.DType;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import java.util.List;

/**
 * The arithmetic mean of a floating type.
 *
 * @param dims the reduced dimensions; empty means all
 * @param keepDim whether they stay with size 1
 */
public record Mean(List<Integer> dims, boolean keepDim) implements Reduction {
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
  public double finish(double combined, long count) {
    return combined / count;
  }

  @Override
  public DType result(DType input) {
    if (!input.isFloatingPoint()) {
      throw new DTypeException("mean is not defined for " + input + "; convert with to() first");
    }
    return input;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Shape input = context.inputSpec(0).shape();
    // Of no elements there is no gradient to divide, but there may be one of that gradient.
    double count = Math.max((double) input.numel() / Math.max(gradients[0].numel(), 1), 1);
    return new Tensor[] {withReducedDims(gradients[0], input).div(count).expand(input.toArray())};
  }
}
