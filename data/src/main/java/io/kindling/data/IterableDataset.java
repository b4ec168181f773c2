package io.kindling.data;

import java.util.Iterator;

/**
 * Samples that come as a stream, PyTorch's {@code IterableDataset}: of unknown number, or too
 * costly to reach by index.
 *
 * @param <T> a sample, as in {@link Dataset}
 */
public interface IterableDataset<T> {
  /**
   * One of {@code shards} streams that together have every sample once. A loader opens one for each
   * of its workers, and one of one without workers. An iterator that is {@link AutoCloseable} is
   * closed at its end. Tensors of a sample belong to the scope that is current in {@code next()}.
   */
  Iterator<T> iterator(int shard, int shards);
}
