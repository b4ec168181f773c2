package io.kindling.op.random;

import io.kindling.KindlingException;
import io.kindling.tensor.Generator;

/** Exponentially distributed with the given rate, and so with mean {@code 1 / rate}; never 0. */
public record Exponential(double rate, Generator.State start) implements InversionOp {
  public Exponential {
    if (!(rate > 0)) {
      throw new KindlingException("exponential: expected a rate above 0, got " + rate);
    }
  }

  @Override
  public double quantile(double fraction) {
    return -Math.log1p(-fraction) / rate;
  }
}
