package io.kindling.op.norm;

import io.kindling.op.Dispatch;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.tensor.Tensor;

/** {@code log(softmax(x))} along a dimension, without the loss of precision of the two steps. */
public record LogSoftmax(int dim) implements SoftmaxOp {
  @Override
  public void line(double[] values) {
    double max = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      max = Math.max(max, value);
    }
    double sum = 0;
    for (double value : values) {
      sum += Math.exp(value - max);
    }
    double logSum = max + Math.log(sum);
    for (int i = 0; i < values.length; i++) {
      values[i] -= logSum;
    }
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Op backward = new LogSoftmaxBackward(dim);
    return new Tensor[] {Dispatch.run(backward, gradients[0], context.output(0))};
  }
}
