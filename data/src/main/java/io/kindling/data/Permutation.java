package io.kindling.data;

import io.kindling.op.random.Philox;
import io.kindling.tensor.Generator;
import io.kindling.tensor.Tensor;

/** The orders that shuffling uses: the same on every machine and thread for the same key. */
public final class Permutation {
  private Permutation() {}

  /**
   * The numbers from 0 to {@code size - 1}, shuffled.
   *
   * @param seed of the whole run
   * @param epoch has an order of its own
   * @param part of the run, such as a rank, that has an order of its own
   */
  public static long[] of(long size, long seed, long epoch, int part) {
    if (size < 0 || size > Integer.MAX_VALUE - 8) {
      throw new DataException(
          "a permutation of "
              + size
              + " indices does not fit memory; shuffle parts of at most "
              + (Integer.MAX_VALUE - 8));
    }
    // The last word is 0 in the seed's own stream, so no order repeats what a layer drew from it.
    int[] key = {(int) epoch, (int) (epoch >>> 32), part, 1};
    Philox.block(key, seed);
    Generator generator = new Generator((long) key[1] << 32 | key[0] & 0xffffffffL);
    try (Tensor order = Tensor.randperm(generator, size)) {
      return order.toLongArray();
    }
  }
}
