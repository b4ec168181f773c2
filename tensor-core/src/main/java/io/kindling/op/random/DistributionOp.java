package io.kindling.op.random;

import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;

/**
 * A distribution whose values take the same number of random bits each: 32, or 64 for types that
 * have more than 32 bits themselves.
 */
public interface DistributionOp extends RandomOp {
  /** Four values for a type of at most 32 bits, from 128 bits. */
  void four(int[] words, DType dtype, double[] values);

  /** Two values for a type of 64 bits, from 128 bits. */
  void two(int[] words, double[] values);

  /** How many blocks of a stream a tensor takes. */
  static long blocks(Tensor tensor) {
    int each = perBlock(tensor.dtype());
    return (tensor.numel() + each - 1) / each;
  }

  private static int perBlock(DType dtype) {
    return dtype.bytes() == 8 ? 2 : 4;
  }

  @Override
  default void reference(Tensor[] inputs, Tensor[] outputs) {
    DType dtype = outputs[0].dtype();
    int each = perBlock(dtype);
    int[] words = new int[4];
    double[] values = new double[each];
    RandomOp.forEach(
        outputs[0],
        (place, address) -> {
          int lane = (int) (place % each);
          if (lane == 0) {
            Philox.at(start().seed(), start().offset() + place / each, words);
            if (each == 4) {
              four(words, dtype, values);
            } else {
              two(words, values);
            }
          }
          dtype.writeDouble(address, values[lane]);
        });
  }
}
