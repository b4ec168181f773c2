package io.kindling.op.random;

import io.kindling.KindlingException;
import io.kindling.tensor.DType;
import io.kindling.tensor.Generator;

/** Normally distributed, by the transform of Box and Muller (1958). */
public record Normal(double mean, double std, Generator.State start) implements DistributionOp {
  public Normal {
    if (!(std >= 0)) {
      throw new KindlingException("normal: expected a standard deviation >= 0, got " + std);
    }
  }

  @Override
  public void singles(int[] words, DType dtype, double[] values, int count) {
    for (int i = 0; i < count; i += 2) {
      // One minus a number below 1 is never 0, whose logarithm would be infinite.
      double first = 1 - RandomOp.fraction(words[i]);
      pair(first, RandomOp.fraction(words[i + 1]), values, i);
    }
  }

  @Override
  public void doubles(int[] words, double[] values, int count) {
    for (int i = 0; i < count; i += 2) {
      double first = 1 - RandomOp.fraction(words[2 * i], words[2 * i + 1]);
      pair(first, RandomOp.fraction(words[2 * i + 2], words[2 * i + 3]), values, i);
    }
  }

  private void pair(double first, double second, double[] values, int at) {
    double radius = Math.sqrt(-2 * Math.log(first));
    double angle = 2 * Math.PI * second;
    values[at] = mean + std * radius * Math.cos(angle);
    values[at + 1] = mean + std * radius * Math.sin(angle);
  }
}
