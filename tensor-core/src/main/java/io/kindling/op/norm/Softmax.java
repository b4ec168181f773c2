package io.kindling.op.norm;

import io.kindling.op.Dispatch;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
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
    Op backward = new SoftmaxBackward(dim);
    return new Tensor[] {Dispatch.run(backward, gradients[0], context.output(0))};
  }
}
