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
  public void singles(int[] words, DType dtype, double[] values, int count) {
    new Normal(mean, std, start).singles(words, dtype, values, count);
    exponentiate(values, count);
  }

  @Override
  public void doubles(int[] words, double[] values, int count) {
    new Normal(mean, std, start).doubles(words, values, count);
    exponentiate(values, count);
  }

  private static void exponentiate(double[] values, int count) {
    for (int i = 0; i < count; i++) {
      values[i] = Math.exp(values[i]);
    }
  }
}
