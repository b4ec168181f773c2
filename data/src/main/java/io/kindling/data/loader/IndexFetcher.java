package io.kindling.data.loader;

import io.kindling.data.Dataset;
import io.kindling.tensor.Tensor;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;

/** Deals batches of indices. */
final class IndexFetcher<T> implements Fetcher {
  private final Dataset<T> dataset;
  private final Iterator<long[]> batches;
  private final Collate<T> collate;

  IndexFetcher(Dataset<T> dataset, Iterator<long[]> batches, Collate<T> collate) {
    this.dataset = dataset;
    this.batches = batches;
    this.collate = collate;
  }

  @Override
  public Callable<List<Tensor>> next(int worker) {
    if (!batches.hasNext()) {
      return null;
    }
    long[] indices = batches.next();
    return () -> fetch(indices);
  }

  private List<Tensor> fetch(long[] indices) {
    if (collate instanceof StackCollate<T>) {
      var gathered = dataset.gather(indices);
      if (gathered.isPresent()) {
        return gathered.get();
      }
    }
    List<T> samples = new ArrayList<>(indices.length);
    for (long index : indices) {
      samples.add(dataset.get(index));
    }
    return collate.collate(samples);
  }
}
