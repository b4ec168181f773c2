package io.kindling.op.random;

import io.kindling.KindlingException;
import io.kindling.tensor.Generator;

/** Uniformly distributed from {@code low} up to, not including, {@code high}. */
public record Uniform(double low, double high, Generator.State start) implements RandomOp {
  public Uniform {
    if (!(low <= high)) {
      throw new KindlingException("uniform: expected low <= high, got " + low + " and " + high);
    }
  }

  @Override
  public void four(int[] words, double[] values) {
    for (int i = 0; i < 4; i++) {
      float value = (float) (low + (high - low) * RandomOp.fraction(words[i]));
      // Rounding must not reach the bound that is left out.
      values[i] = value >= high && low < high ? Math.nextDown((float) high) : value;
    }
  }

  @Override
  public void two(int[] words, double[] values) {
    for (int i = 0; i < 2; i++) {
      double value = low + (high - low) * RandomOp.fraction(words[2 * i], words[2 * i + 1]);
      values[i] = value >= high && low < high ? Math.nextDown(high) : value;
    }
  }
}
