package io.kindling.data.sampler;

import io.kindling.data.DataException;
import io.kindling.data.Permutation;
import java.util.PrimitiveIterator;
import java.util.stream.LongStream;

/**
 * One rank's share of an epoch, PyTorch's {@code DistributedSampler}: every rank shuffles alike and
 * takes each {@code ranks}-th index. All ranks get the same number, so that they run the same
 * number of steps: without {@code dropLast} the first indices of the order repeat at its end, with
 * it up to {@code ranks - 1} indices are left out.
 */
public final class DistributedSampler implements Sampler {
  private final long datasetSize;
  private final int rank;
  private final int ranks;
  private final boolean shuffle;
  private final long seed;
  private final long size;

  /**
   * The share of {@code rank} of {@code ranks}.
   *
   * @param seed the same on every rank; not used without {@code shuffle}
   */
  public DistributedSampler(
      long datasetSize, int rank, int ranks, boolean shuffle, long seed, boolean dropLast) {
    if (ranks < 1 || rank < 0 || rank >= ranks) {
      throw new DataException(
          "DistributedSampler: rank " + rank + " of " + ranks + "; expected 0 <= rank < ranks");
    }
    this.datasetSize = datasetSize;
    this.rank = rank;
    this.ranks = ranks;
    this.shuffle = shuffle;
    this.seed = seed;
    this.size = dropLast ? datasetSize / ranks : (datasetSize + ranks - 1) / ranks;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public PrimitiveIterator.OfLong indices(long epoch) {
    LongStream positions = LongStream.range(0, size).map(i -> (rank + i * ranks) % datasetSize);
    if (!shuffle) {
      return positions.iterator();
    }
    long[] order = Permutation.of(datasetSize, seed, epoch, 0);
    return positions.map(position -> order[(int) position]).iterator();
  }
}
