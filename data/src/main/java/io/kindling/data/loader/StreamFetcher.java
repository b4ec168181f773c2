package io.kindling.data.loader;

import io.kindling.data.DataException;
import io.kindling.data.IterableDataset;
import io.kindling.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;

/** Lets each worker read its own shard of a stream. */
final class StreamFetcher<T> implements Fetcher {
  private final IterableDataset<T> dataset;
  private final int batchSize;
  private final boolean dropLast;
  private final Collate<T> collate;

  /** Each used by its worker alone, and opened by it: opening may be slow. */
  private final List<Iterator<T>> shards;

  StreamFetcher(
      IterableDataset<T> dataset, int shards, int batchSize, boolean dropLast, Collate<T> collate) {
    this.dataset = dataset;
    this.batchSize = batchSize;
    this.dropLast = dropLast;
    this.collate = collate;
    this.shards = new ArrayList<>(Collections.nCopies(shards, null));
  }

  @Override
  public Callable<List<Tensor>> next(int worker) {
    return () -> fetch(worker);
  }

  @Override
  public void close() {
    for (Iterator<T> shard : shards) {
      if (shard instanceof AutoCloseable closeable) {
        try {
          closeable.close();
        } catch (Exception e) {
          throw new DataException("cannot close the dataset's iterator: " + e.getMessage(), e);
        }
      }
    }
  }

  private List<Tensor> fetch(int worker) {
    if (shards.get(worker) == null) {
      shards.set(worker, dataset.iterator(worker, shards.size()));
    }
    Iterator<T> shard = shards.get(worker);
    List<T> samples = new ArrayList<>(batchSize);
    while (samples.size() < batchSize && shard.hasNext()) {
      samples.add(shard.next());
    }
    boolean complete = samples.size() == batchSize || (!dropLast && !samples.isEmpty());
    return complete ? collate.collate(samples) : null;
  }
}
