package io.kindling.data.sampler;

import io.kindling.data.DataException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.PrimitiveIterator;

/** Cuts a sampler's indices into batches, PyTorch's {@code BatchSampler}. */
public record BatchSampler(Sampler sampler, int batchSize, boolean dropLast) {
  public BatchSampler {
    if (batchSize < 1) {
      throw new DataException("batchSize is " + batchSize + "; expected at least 1");
    }
  }

  /** How many batches an epoch has. */
  public long size() {
    return (sampler.size() + (dropLast ? 0 : batchSize - 1)) / batchSize;
  }

  /** The batches of an epoch; only the last may be shorter, and not with {@code dropLast}. */
  public Iterator<long[]> batches(long epoch) {
    PrimitiveIterator.OfLong indices = sampler.indices(epoch);
    return new Iterator<>() {
      private long left = size();

      @Override
      public boolean hasNext() {
        return left > 0;
      }

      @Override
      public long[] next() {
        if (left == 0) {
          throw new NoSuchElementException("the epoch has no more batches");
        }
        left--;
        long[] batch = new long[batchSize];
        int count = 0;
        while (count < batchSize && indices.hasNext()) {
          batch[count++] = indices.nextLong();
        }
        return count == batchSize ? batch : Arrays.copyOf(batch, count);
      }
    };
  }
}
