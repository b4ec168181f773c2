package io.kindling.op.norm;

import io.kindling.op.GradientContext;
import io.kindling.tensor.Tensor;

/** {@code e^x / sum(e^x)} along a dimension. */
public record Softmax(int dim) implements SoftmaxOp {
  @Override
  public void line(double[] values) {
    double max = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      max = Math.max(max, value);
    }
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.exp(values[i] - max);
      sum += values[i];
    }
    for (int i = 0; i < values.length; i++) {
      values[i] /= sum;
    }
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor y = context.output(0);
    Tensor weighted = gradients[0].mul(y);
    return new Tensor[] {weighted.sub(y.mul(weighted.sum(dim, true)))};
  }
}
