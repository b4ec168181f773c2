package io.kindling.op.random;

import io.kindling.KindlingException;
import io.kindling.tensor.Generator;

/** Distributed as Cauchy's around {@code median}; half of it lies within {@code sigma} of that. */
public record Cauchy(double median, double sigma, Generator.State start) implements InversionOp {
  public Cauchy {
    if (!(sigma > 0)) {
      throw new KindlingException("cauchy: expected a sigma above 0, got " + sigma);
    }
  }

  @Override
  public double quantile(double fraction) {
    return median + sigma * Math.tan(Math.PI * (fraction - 0.5));
  }
}
