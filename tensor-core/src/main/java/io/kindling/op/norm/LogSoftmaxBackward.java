package io.kindling.op.norm;

import io.kindling.op.GradientContext;
import io.kindling.tensor.Tensor;

/** {@code g - e^y sum(g)}: the gradient of {@link LogSoftmax}, whose result is y. */
public record LogSoftmaxBackward(int dim) implements SoftmaxBackwardOp {
  @Override
  public double term(double gradient, double result) {
    return gradient;
  }

  @Override
  public double value(double gradient, double result, double sum) {
    return gradient - Math.exp(result) * sum;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor probabilities = context.input(1).exp();
    Tensor weighted = gradients[0].mul(probabilities);
    return new Tensor[] {
      context.needs(0) ? gradients[0].sub(weighted.sum(dim, true)) : null,
      context.needs(1) ? weighted.mul(context.input(0).sum(dim, true)).neg() : null
    };
  }
}
