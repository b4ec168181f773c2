package io.kindling.op.random;

import io.kindling.KindlingException;
import io.kindling.tensor.DType;
import io.kindling.tensor.Generator;

/** Numbers whose logarithm is normally distributed with the given mean and deviation. */
public record LogNormal(double mean, double std, Generator.State start) implements DistributionOp {
  public LogNormal {
    if (!(std > 0)) {
      throw new KindlingException("logNormal: expected a standard deviation above 0, got " + std);
    }
  }

  @Override
  public void four(int[] words, DType dtype, double[] values) {
    new Normal(mean, std, start).four(words, dtype, values);
    exponentiate(values);
  }

  @Override
  public void two(int[] words, double[] values) {
    new Normal(mean, std, start).two(words, values);
    exponentiate(values);
  }

  private static void exponentiate(double[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.exp(values[i]);
    }
  }
}
