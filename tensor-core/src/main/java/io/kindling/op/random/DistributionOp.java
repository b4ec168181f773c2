package io.kindling.op.random;

import io.kindling.backend.cpu.RandomLoop;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;

/**
 * A distribution whose values take the same number of random bits each: 32, or 64 for types that
 * have more than 32 bits themselves.
 */
public interface DistributionOp extends RandomOp {
  /**
   * A value for a type of at most 32 bits from each word.
   *
   * @param count a multiple of 4
   */
  void singles(int[] words, DType dtype, double[] values, int count);

  /**
   * A value for a type of 64 bits from each two words.
   *
   * @param count a multiple of 2
   */
  void doubles(int[] words, double[] values, int count);

  /** How many blocks of a stream a tensor takes. */
  static long blocks(Tensor tensor) {
    int each = RandomLoop.perBlock(tensor.dtype());
    return (tensor.numel() + each - 1) / each;
  }

  @Override
  default void reference(Tensor[] inputs, Tensor[] outputs) {
    RandomLoop.run(this, outputs[0]);
  }
}
