package io.kindling.spark.train;

import java.util.SplittableRandom;

/** In which order a worker goes through its rows. */
@FunctionalInterface
interface RowOrder {
  /** The worker's rows 0 to {@code count - 1} in the order of an epoch. */
  int[] of(int epoch, int rank, int count);

  /** An order for every epoch and worker that depends on nothing but them and the seed. */
  static RowOrder shuffled(long seed) {
    return (epoch, rank, count) -> {
      int[] order = inOrder(count);
      // SplittableRandom mixes its seed, but near seeds must not give shifted copies.
      long mixed = new SplittableRandom(seed).nextLong() ^ ((long) epoch << 32 | rank);
      SplittableRandom random = new SplittableRandom(mixed).split();
      for (int i = count - 1; i > 0; i--) {
        int other = random.nextInt(i + 1);
        int row = order[i];
        order[i] = order[other];
        order[other] = row;
      }
      return order;
    };
  }

  /** The rows as they are stored. */
  static int[] inOrder(int count) {
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      order[i] = i;
    }
    return order;
  }
}
