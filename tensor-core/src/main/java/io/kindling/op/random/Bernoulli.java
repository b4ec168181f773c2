package io.kindling.op.random;

import io.kindling.KindlingException;
import io.kindling.tensor.DType;
import io.kindling.tensor.Generator;

/** 1 with the given probability, else 0. */
public record Bernoulli(double probability, Generator.State start) implements DistributionOp {
  public Bernoulli {
    if (!(probability >= 0 && probability <= 1)) {
      throw new KindlingException(
          "bernoulli: expected a probability from 0 to 1, got " + probability);
    }
  }

  @Override
  public boolean takes(DType dtype) {
    return true;
  }

  @Override
  public void four(int[] words, DType dtype, double[] values) {
    for (int i = 0; i < 4; i++) {
      values[i] = RandomOp.fraction(words[i]) < probability ? 1 : 0;
    }
  }

  @Override
  public void two(int[] words, double[] values) {
    for (int i = 0; i < 2; i++) {
      values[i] = RandomOp.fraction(words[2 * i], words[2 * i + 1]) < probability ? 1 : 0;
    }
  }
}
