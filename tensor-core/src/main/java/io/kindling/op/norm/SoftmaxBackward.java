package io.kindling.op.norm;

import io.kindling.op.Dispatch;
import io.kindling.op.GradientContext;
import io.kindling.tensor.Tensor;

/** {@code y (g - sum(g y))}: the gradient of {@link Softmax}, whose result is y. */
public record SoftmaxBackward(int dim) implements SoftmaxBackwardOp {
  @Override
  public double term(double gradient, double result) {
    return gradient * result;
  }

  @Override
  public double value(double gradient, double result, double sum) {
    return result * (gradient - sum);
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor g = context.input(0);
    Tensor y = context.input(1);
    Tensor next = gradients[0];
    Tensor forResult = null;
    if (context.needs(1)) {
      Tensor above = g.sub(g.mul(y).sum(dim, true));
      forResult = next.mul(above).sub(g.mul(next.mul(y).sum(dim, true)));
    }
    // Its matrix is symmetric.
    return new Tensor[] {context.needs(0) ? Dispatch.run(this, next, y) : null, forResult};
  }
}
