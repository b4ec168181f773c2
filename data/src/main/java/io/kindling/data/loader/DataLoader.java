package io.kindling.data.loader;

import io.kindling.data.DataException;
import io.kindling.data.Dataset;
import io.kindling.data.IterableDataset;
import io.kindling.data.sampler.BatchSampler;
import io.kindling.data.sampler.RandomSampler;
import io.kindling.data.sampler.Sampler;
import io.kindling.data.sampler.SequentialSampler;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongFunction;

/**
 * A dataset in batches, PyTorch's {@code DataLoader}.
 *
 * <pre>{@code
 * try (DataLoader loader =
 *     DataLoader.of(dataset).batchSize(64).shuffle(seed).numWorkers(2).build()) {
 *   for (int epoch = 0; epoch < 3; epoch++) {
 *     for (Batch batch : loader) {
 *       try (batch; Scope scope = Scope.open()) {
 *         ...
 *       }
 *     }
 *   }
 * }
 * }</pre>
 *
 * <p>Each iteration is the next epoch, with its own order. With workers, batches are read ahead on
 * threads and still come in order: the same batches as without. What a dataset or a collate
 * function throws on a worker is thrown to the consumer. Closing the loader, or an iterator of it,
 * ends the workers and frees what they read ahead; leaving a loop early without that leaves it to
 * the garbage collector.
 */
public final class DataLoader implements Iterable<Batch>, AutoCloseable {
  private final LongFunction<Fetcher> fetchers;
  private final long size;
  private final int numWorkers;
  private final int prefetchFactor;
  private final Set<BatchIterator> open = ConcurrentHashMap.newKeySet();
  private long epoch;

  private DataLoader(Builder<?> builder, LongFunction<Fetcher> fetchers, long size) {
    this.fetchers = fetchers;
    this.size = size;
    this.numWorkers = builder.numWorkers;
    this.prefetchFactor = builder.prefetchFactor;
  }

  /** A loader of samples that are read by index. */
  public static <T> Builder<T> of(Dataset<T> dataset) {
    return new Builder<>(dataset, null);
  }

  /** A loader of a stream of samples; it takes no sampler and does not shuffle. */
  public static <T> Builder<T> of(IterableDataset<T> dataset) {
    return new Builder<>(null, dataset);
  }

  /** How many batches an epoch has; fails for a stream, whose length is unknown. */
  public long size() {
    if (size < 0) {
      throw new DataException("the number of batches of an IterableDataset is unknown");
    }
    return size;
  }

  /** Says which epoch the next iteration is; needed to resume a run. */
  public void setEpoch(long epoch) {
    this.epoch = epoch;
  }

  /** The next epoch's batches. */
  @Override
  public BatchIterator iterator() {
    BatchIterator iterator =
        new BatchIterator(fetchers.apply(epoch++), numWorkers, prefetchFactor, open::remove);
    open.add(iterator);
    return iterator;
  }

  /** Ends every iteration that is under way. */
  @Override
  public void close() {
    List.copyOf(open).forEach(BatchIterator::close);
  }

  /** What a loader is made of. */
  public static final class Builder<T> {
    private final Dataset<T> dataset;
    private final IterableDataset<T> stream;
    private Sampler sampler;
    private Collate<T> collate = Collate.stack();
    private int batchSize = 1;
    private boolean dropLast;
    private int numWorkers;
    private int prefetchFactor = 2;

    private Builder(Dataset<T> dataset, IterableDataset<T> stream) {
      this.dataset = dataset;
      this.stream = stream;
      if (dataset != null) {
        sampler = new SequentialSampler(dataset.size());
      }
    }

    /** Samples in a batch; 1 by default. */
    public Builder<T> batchSize(int samples) {
      batchSize = atLeast(1, samples, "batchSize");
      return this;
    }

    /** Reads in an order by chance, another one each epoch, that the seed fixes. */
    public Builder<T> shuffle(long seed) {
      return sampler(dataset == null ? null : new RandomSampler(dataset.size(), seed));
    }

    /** Reads in this order; by default from the first sample to the last. */
    public Builder<T> sampler(Sampler order) {
      if (dataset == null) {
        throw new DataException(
            "an IterableDataset has its own order; shuffle inside it, or use a Dataset");
      }
      sampler = order;
      return this;
    }

    /** Leaves out a last batch that is not full. */
    public Builder<T> dropLast(boolean drop) {
      dropLast = drop;
      return this;
    }

    /** How samples become a batch; by default they are stacked. */
    public Builder<T> collate(Collate<T> function) {
      collate = function;
      return this;
    }

    /** Threads that read ahead; 0, the default, reads on the consumer's thread. */
    public Builder<T> numWorkers(int threads) {
      numWorkers = atLeast(0, threads, "numWorkers");
      return this;
    }

    /** Batches that each worker reads ahead; 2 by default. */
    public Builder<T> prefetchFactor(int batches) {
      prefetchFactor = atLeast(1, batches, "prefetchFactor");
      return this;
    }

    public DataLoader build() {
      if (dataset == null) {
        int shards = Math.max(1, numWorkers);
        return new DataLoader(
            this, epoch -> new StreamFetcher<>(stream, shards, batchSize, dropLast, collate), -1);
      }
      BatchSampler batches = new BatchSampler(sampler, batchSize, dropLast);
      return new DataLoader(
          this,
          epoch -> new IndexFetcher<>(dataset, batches.batches(epoch), collate),
          batches.size());
    }

    private static int atLeast(int least, int value, String name) {
      if (value < least) {
        throw new DataException(
            "DataLoader: " + name + " is " + value + "; expected at least " + least);
      }
      return value;
    }
  }
}
