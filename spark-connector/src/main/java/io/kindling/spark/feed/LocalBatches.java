package io.kindling.spark.feed;

import io.kindling.memory.OffHeap;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker's rows on its own disk: written once, mapped, read at random in every epoch. Rows are
 * numbered from 0 in the global order (source partition, then index there), whatever order they
 * came in. Writing holds one record batch in memory; reading leaves it to the operating system
 * which pages stay, so the rows may be more than memory holds.
 *
 * <p>The file is an Arrow IPC file that any Arrow reader can open, and it exists until {@link
 * #close}. Several threads may gather at once.
 */
public final class LocalBatches implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LocalBatches.class);

  private final Path file;
  private final MappedBatches batches;
  private final DType type;
  private final Shape inputShape;
  private final int[] order;
  private final int[] trainingRows;
  private final int[] validationRows;
  private boolean closed;

  private LocalBatches(Path file, MappedBatches batches, DType type, Shape inputShape) {
    this.file = file;
    this.batches = batches;
    this.type = type;
    this.inputShape = inputShape;
    this.order = GlobalOrder.of(batches);
    this.trainingRows = rows(row -> !batches.isValidation(order[row]));
    this.validationRows = rows(row -> batches.isValidation(order[row]));
  }

  /**
   * Writes rows into a new file in one of Spark's local directories and maps it. Called in a task.
   *
   * @param rows each taken once and not kept
   * @param type of the features there and in batches: float32, or bfloat16, rounded to even
   * @param inputShape the shape of one sample
   * @throws FeedException if the file cannot be written, or if two rows have the same place
   */
  public static LocalBatches write(Iterator<FeedRow> rows, DType type, long... inputShape) {
    SparkEnv environment = SparkEnv.get();
    if (environment == null) {
      throw new FeedException(
          "LocalBatches.write was called outside of a Spark executor; name a file instead");
    }
    Path file = environment.blockManager().diskBlockManager().createTempLocalBlock()._2().toPath();
    return write(file, rows, type, inputShape);
  }

  /** As {@link #write(Iterator, DType, long...)}, into a file that does not exist yet. */
  public static LocalBatches write(
      Path file, Iterator<FeedRow> rows, DType type, long... inputShape) {
    Shape shape = Shape.of(inputShape);
    BatchFileSchema schema = new BatchFileSchema(Math.toIntExact(shape.numel()), type);
    if (Files.exists(file)) {
      throw new FeedException(file + " exists already; local batches are written to a new file");
    }
    MappedBatches batches = null;
    try {
      int count = BatchFileWriter.write(file, rows, schema);
      batches = MappedBatches.map(file, schema, count, MappedBatches.SEGMENT_BYTES);
      return new LocalBatches(file, batches, type, shape);
    } catch (IOException e) {
      delete(file);
      throw new FeedException(
          "cannot write a worker's rows to "
              + file
              + ": "
              + e.getMessage()
              + "; see that spark.local.dir names disks with room for them",
          e);
    } catch (RuntimeException | Error e) {
      if (batches != null) {
        batches.release();
      }
      delete(file);
      throw e;
    }
  }

  /** How many rows there are. */
  public int size() {
    return order.length;
  }

  /** The rows to train on, in the global order. */
  public int[] trainingRows() {
    return trainingRows.clone();
  }

  /** The rows held back, in the global order. */
  public int[] validationRows() {
    return validationRows.clone();
  }

  /**
   * Copies rows into new tensors, in the given order.
   *
   * @throws FeedException if there is no such row
   * @throws io.kindling.MemoryException if this is closed
   */
  public LabeledRows gather(int... rows) {
    batches.retain(); // so that closing waits for this
    try {
      for (int row : rows) {
        if (row < 0 || row >= order.length) {
          throw new FeedException(
              "there is no row " + row + "; the worker has rows 0 to " + (order.length - 1));
        }
      }
      return copy(rows);
    } finally {
      batches.release();
    }
  }

  /** Ends the mapping, once nobody gathers any more, and deletes the file. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      batches.release();
      delete(file);
    }
  }

  private LabeledRows copy(int[] rows) {
    Tensor features = Tensor.empty(batchShape(rows.length), type, Device.CPU);
    Tensor labels;
    try {
      labels = Tensor.empty(Shape.of(rows.length), DType.INT64, Device.CPU);
    } catch (RuntimeException | Error e) {
      features.close();
      throw e;
    }
    long width = inputShape.numel() * type.bytes();
    long target = features.address();
    long labelTarget = labels.address();
    for (int row : rows) {
      int at = order[row];
      OffHeap.copy(batches.features(at), target, width);
      OffHeap.putLong(labelTarget, batches.label(at));
      target += width;
      labelTarget += Long.BYTES;
    }
    return new LabeledRows(features, labels);
  }

  private Shape batchShape(int count) {
    long[] sizes = new long[inputShape.rank() + 1];
    sizes[0] = count;
    System.arraycopy(inputShape.toArray(), 0, sizes, 1, inputShape.rank());
    return Shape.of(sizes);
  }

  private int[] rows(IntPredicate chosen) {
    return IntStream.range(0, order.length).filter(chosen).toArray();
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.warn("cannot delete {}; Spark deletes it with its directory", file, e);
    }
  }
}
