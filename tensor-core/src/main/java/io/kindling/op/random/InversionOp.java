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
  default void four(int[] words, DType dtype, double[] values) {
    for (int i = 0; i < 4; i++) {
      values[i] = quantile(RandomOp.inside(words[i]));
    }
  }

  @Override
  default void two(int[] words, double[] values) {
    for (int i = 0; i < 2; i++) {
      values[i] = quantile(RandomOp.inside(words[2 * i], words[2 * i + 1]));
    }
  }
}
