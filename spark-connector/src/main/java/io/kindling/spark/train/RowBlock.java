package io.kindling.spark.train;

import io.kindling.spark.feed.FeedRow;
import java.io.Serializable;
import java.util.Arrays;

/**
 * Rows on their way from a source partition to a worker, as few large arrays, which serialize
 * quickly.
 *
 * @param partition the source partition
 * @param indices of the rows in it
 * @param features those of all rows, one after the other
 */
@SuppressWarnings("ArrayRecordComponent")
record RowBlock(
    int partition, long[] indices, boolean[] validation, long[] labels, float[] features)
    implements Serializable {

  int count() {
    return indices.length;
  }

  FeedRow row(int i) {
    int width = features.length / count();
    return new FeedRow(
        Arrays.copyOfRange(features, i * width, (i + 1) * width),
        labels[i],
        validation[i],
        partition,
        indices[i]);
  }

  /** Collects rows until they are worth sending. */
  static final class Builder {
    private static final int TARGET_BYTES = 1 << 18;

    private final int partition;
    private final int width;
    private final long[] indices;
    private final boolean[] validation;
    private final long[] labels;
    private final float[] features;
    private int count;

    Builder(int partition, int width) {
      this.partition = partition;
      this.width = width;
      int capacity = (int) Math.max(1, TARGET_BYTES / (Float.BYTES * (long) width + Long.BYTES));
      this.indices = new long[capacity];
      this.validation = new boolean[capacity];
      this.labels = new long[capacity];
      this.features = new float[capacity * width];
    }

    boolean isFull() {
      return count == indices.length;
    }

    boolean isEmpty() {
      return count == 0;
    }

    void add(FeedRow row) {
      indices[count] = row.index();
      validation[count] = row.validation();
      labels[count] = row.label();
      System.arraycopy(row.features(), 0, features, count * width, width);
      count++;
    }

    /** The rows so far; the builder is empty then. */
    RowBlock take() {
      RowBlock block =
          new RowBlock(
              partition,
              Arrays.copyOf(indices, count),
              Arrays.copyOf(validation, count),
              Arrays.copyOf(labels, count),
              Arrays.copyOf(features, count * width));
      count = 0;
      return block;
    }
  }
}
