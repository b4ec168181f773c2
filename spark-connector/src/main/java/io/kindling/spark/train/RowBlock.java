package io.kindling.spark.train;

import io.kindling.spark.feed.FeedRow;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * Rows on their way from a source partition to a worker, as few large arrays, which serialize
 * quickly: of all arrays, Java's serialization writes those of bytes at the speed of memory.
 *
 * @param partition the source partition
 * @param indices of the rows in it
 * @param features those of all rows, one after the other, float32 in little-endian order
 */
@SuppressWarnings("ArrayRecordComponent")
record RowBlock(int partition, long[] indices, boolean[] validation, long[] labels, byte[] features)
    implements Serializable {

  int count() {
    return indices.length;
  }

  /** How many features a row has. */
  int width() {
    return features.length / Float.BYTES / count();
  }

  /**
   * One of the rows.
   *
   * @param target takes the features, and is what the result holds
   */
  FeedRow row(int i, float[] target) {
    floats(features).get(i * target.length, target);
    return new FeedRow(target, labels[i], validation[i], partition, indices[i]);
  }

  /** The rows of all blocks; each row has its features in the same array as the one before. */
  static Iterator<FeedRow> rows(Iterator<RowBlock> blocks) {
    return new Iterator<>() {
      private RowBlock block;
      private float[] features;
      private int next;

      @Override
      public boolean hasNext() {
        while ((block == null || next == block.count()) && blocks.hasNext()) {
          block = blocks.next();
          features = features == null ? new float[block.width()] : features;
          next = 0;
        }
        return block != null && next < block.count();
      }

      @Override
      public FeedRow next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        return block.row(next++, features);
      }
    };
  }

  private static FloatBuffer floats(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }

  /** Collects rows until they are worth sending. */
  static final class Builder {
    private static final int TARGET_BYTES = 1 << 18;

    private final int partition;
    private final int width;
    private final int capacity;
    private long[] indices;
    private boolean[] validation;
    private long[] labels;
    private byte[] features;
    private int count;

    Builder(int partition, int width) {
      this.partition = partition;
      this.width = width;
      this.capacity = (int) Math.max(1, TARGET_BYTES / (Float.BYTES * (long) width + Long.BYTES));
    }

    private void begin() {
      indices = new long[capacity];
      validation = new boolean[capacity];
      labels = new long[capacity];
      features = new byte[capacity * width * Float.BYTES];
    }

    boolean isFull() {
      return count == capacity;
    }

    boolean isEmpty() {
      return count == 0;
    }

    void add(FeedRow row) {
      if (isEmpty()) {
        begin();
      }
      indices[count] = row.index();
      validation[count] = row.validation();
      labels[count] = row.label();
      floats(features).put(count * width, row.features());
      count++;
    }

    /** The rows so far; the builder is empty then. */
    RowBlock take() {
      RowBlock block =
          isFull()
              ? new RowBlock(partition, indices, validation, labels, features)
              : new RowBlock(
                  partition,
                  Arrays.copyOf(indices, count),
                  Arrays.copyOf(validation, count),
                  Arrays.copyOf(labels, count),
                  Arrays.copyOf(features, count * width * Float.BYTES));
      count = 0;
      return block;
    }
  }
}
