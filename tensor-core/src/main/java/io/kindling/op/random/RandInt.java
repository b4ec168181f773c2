package io.kindling.op.random;

import io.kindling.KindlingException;
import io.kindling.tensor.Generator;

/** Uniformly distributed integers from {@code low} up to, not including, {@code high}. */
public record RandInt(long low, long high, Generator.State start) implements RandomOp {
  public RandInt {
    if (low >= high) {
      throw new KindlingException("randint: expected low < high, got " + low + " and " + high);
    }
    if (high - low < 0 || high - low > 1L << 53) {
      throw new KindlingException(
          "randint: the range from " + low + " to " + high + " has more than 2^53 values");
    }
  }

  @Override
  public void four(int[] words, double[] values) {
    for (int i = 0; i < 4; i++) {
      values[i] = low + Math.floor((words[i] & 0xffffffffL) * 0x1p-32 * (high - low));
    }
  }

  @Override
  public void two(int[] words, double[] values) {
    for (int i = 0; i < 2; i++) {
      double fraction = RandomOp.fraction(words[2 * i], words[2 * i + 1]);
      values[i] = low + Math.floor(fraction * (high - low));
    }
  }
}
