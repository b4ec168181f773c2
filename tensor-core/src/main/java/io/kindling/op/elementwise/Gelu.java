package io.kindling.op.elementwise;

import io.kindling.op.Dispatch;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.tensor.Tensor;

/**
 * {@code x * P(X <= x)} for a standard normal X (Hendrycks and Gimpel 2016).
 *
 * @param tanh whether the probability is approximated by {@code (1 + tanh(sqrt(2/pi) (x + 0.044715
 *     x^3))) / 2}
 */
public record Gelu(boolean tanh) implements UnaryOp {
  static final double CUBIC = 0.044715;
  static final double SCALE = Math.sqrt(2 / Math.PI);

  private double value(double x) {
    return 0.5
        * x
        * (1
            + (tanh
                ? Math.tanh(SCALE * (x + CUBIC * x * x * x))
                : ErrorFunction.erf(x / Math.sqrt(2))));
  }

  @Override
  public void floats(float[] x, float[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = (float) value(x[i]);
    }
  }

  @Override
  public void doubles(double[] x, double[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = value(x[i]);
    }
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return true;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Op backward = new GeluBackward(tanh);
    return new Tensor[] {Dispatch.run(backward, gradients[0], context.input(0))};
  }
}
