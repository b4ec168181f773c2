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

  // No choice between 1 and 0, which the compiler makes a branch that nothing foretells: a whole
  // number is below the bound where the sign of their difference says so.

  @Override
  public void singles(int[] words, DType dtype, double[] values, int count) {
    long bound = (long) Math.ceil(probability * 0x1p32);
    for (int i = 0; i < count; i++) {
      values[i] = (Integer.toUnsignedLong(words[i]) - bound) >>> 63;
    }
  }

  @Override
  public void doubles(int[] words, double[] values, int count) {
    long bound = (long) Math.ceil(probability * 0x1p53);
    for (int i = 0; i < count; i++) {
      values[i] = ((RandomOp.bits(words[2 * i], words[2 * i + 1]) >>> 11) - bound) >>> 63;
    }
  }
}
