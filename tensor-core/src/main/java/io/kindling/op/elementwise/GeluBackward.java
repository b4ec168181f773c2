package io.kindling.op.elementwise;

import static io.kindling.op.elementwise.Gelu.CUBIC;
import static io.kindling.op.elementwise.Gelu.SCALE;

import io.kindling.op.Dispatch;
import io.kindling.op.GradientContext;
import io.kindling.tensor.Tensor;

/**
 * The first input times the slope of {@link Gelu} at the second: {@code P(X <= x) + x p(x)}, with
 * the density p or what the approximation has for it.
 */
public record GeluBackward(boolean tanh) implements BinaryOp {
  private static final double DENSITY = 1 / Math.sqrt(2 * Math.PI);

  private double slope(double x) {
    if (!tanh) {
      double probability = 0.5 * (1 + ErrorFunction.erf(x / Math.sqrt(2)));
      return probability + x * DENSITY * Math.exp(-0.5 * x * x);
    }
    double t = Math.tanh(SCALE * (x + CUBIC * x * x * x));
    return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * SCALE * (1 + 3 * CUBIC * x * x);
  }

  @Override
  public void floats(float[] a, float[] b, float[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = (float) (a[i] * slope(b[i]));
    }
  }

  @Override
  public void doubles(double[] a, double[] b, double[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = a[i] * slope(b[i]);
    }
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return index == 1 || needed[1];
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor g = gradients[0];
    Tensor x = context.input(1);
    return new Tensor[] {
      context.needs(0) ? Dispatch.run(this, g, x) : null,
      context.needs(1) ? g.mul(context.input(0)).mul(tanh ? bendOfTanh(x) : bend(x)) : null
    };
  }

  /** The second derivative: {@code p(x) (2 - x^2)}. */
  private static Tensor bend(Tensor x) {
    Tensor square = x.square();
    return square.mul(-0.5).exp().mul(DENSITY).mul(square.neg().add(2));
  }

  /** {@code (1 - t^2) (u' + x (u'' / 2 - t u'^2))} with {@code t = tanh(u)}. */
  private static Tensor bendOfTanh(Tensor x) {
    Tensor square = x.square();
    Tensor t = x.mul(square.mul(CUBIC).add(1)).mul(SCALE).tanh();
    Tensor first = square.mul(3 * CUBIC).add(1).mul(SCALE);
    Tensor half = x.mul(3 * CUBIC * SCALE);
    return t.square().neg().add(1).mul(first.add(x.mul(half.sub(t.mul(first.square())))));
  }
}
