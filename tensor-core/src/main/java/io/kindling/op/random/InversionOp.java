package io.kindling.op.random;

import io.kindling.tensor.DType;

/** A distribution drawn by inverting its distribution function. */
public interface InversionOp extends DistributionOp {
  /**
   * The value below which that fraction of the distribution lies.
   *
   * @param fraction above 0 and below 1
   */
  double quantile(double fraction);

  @Override
  default void singles(int[] words, DType dtype, double[] values, int count) {
    for (int i = 0; i < count; i++) {
      values[i] = quantile(RandomOp.inside(words[i]));
    }
  }

  @Override
  default void doubles(int[] words, double[] values, int count) {
    for (int i = 0; i < count; i++) {
      values[i] = quantile(RandomOp.inside(words[2 * i], words[2 * i + 1]));
    }
  }
}
