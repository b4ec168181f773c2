package io.kindling.spark.feed;

import io.kindling.backend.cpu.Bfloat16Blocks;
import io.kindling.memory.OffHeap;
import io.kindling.tensor.DType;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.ipc.ArrowFileWriter;

/** Writes rows as record batches of an Arrow IPC file, holding one batch in memory. */
final class BatchFileWriter implements AutoCloseable {
  private final BatchFileSchema schema;
  private final int rowsPerBatch;
  private final RootAllocator allocator = new RootAllocator();
  private final VectorSchemaRoot root;
  private final FixedSizeListVector features;
  private final BaseFixedWidthVector values;
  private final BigIntVector label;
  private final BitVector validation;
  private final IntVector partition;
  private final BigIntVector index;

  private BatchFileWriter(BatchFileSchema schema) {
    this.schema = schema;
    this.rowsPerBatch = schema.rowsPerBatch();
    this.root = VectorSchemaRoot.create(schema.arrow(), allocator);
    this.features = (FixedSizeListVector) root.getVector(BatchFileSchema.FEATURES);
    this.values = (BaseFixedWidthVector) features.getDataVector();
    this.label = (BigIntVector) root.getVector(BatchFileSchema.LABEL);
    this.validation = (BitVector) root.getVector(BatchFileSchema.VALIDATION);
    this.partition = (IntVector) root.getVector(BatchFileSchema.PARTITION);
    this.index = (BigIntVector) root.getVector(BatchFileSchema.INDEX);
    features.setInitialCapacity(rowsPerBatch);
    features.allocateNew();
    values.allocateNew(rowsPerBatch * schema.width());
    label.allocateNew(rowsPerBatch);
    validation.allocateNew(rowsPerBatch);
    partition.allocateNew(rowsPerBatch);
    index.allocateNew(rowsPerBatch);
    // No value is ever null, so the validity bits are set once for all batches.
    for (int row = 0; row < rowsPerBatch; row++) {
      features.setNotNull(row);
    }
    values.getValidityBuffer().setOne(0, values.getValidityBuffer().capacity());
  }

  /** Writes a new file and returns the number of its rows. */
  static int write(Path file, Iterator<FeedRow> rows, BatchFileSchema schema) throws IOException {
    try (BatchFileWriter batch = new BatchFileWriter(schema);
        FileChannel channel =
            FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        ArrowFileWriter writer = new ArrowFileWriter(batch.root, null, channel)) {
      writer.start();
      int written = 0;
      while (rows.hasNext()) {
        int count = batch.fill(rows);
        if (written > Integer.MAX_VALUE - count) {
          throw new FeedException(
              "one worker was dealt more than " + Integer.MAX_VALUE + " rows; raise numWorkers");
        }
        written += count;
        writer.writeBatch();
      }
      writer.end();
      return written;
    }
  }

  @Override
  public void close() {
    root.close();
    allocator.close();
  }

  /** Takes as many rows as there are, up to a batch. */
  private int fill(Iterator<FeedRow> rows) {
    int width = schema.width();
    long target = values.getDataBufferAddress();
    int count = 0;
    while (count < rowsPerBatch && rows.hasNext()) {
      FeedRow row = rows.next();
      if (row.features().length != width) {
        throw new FeedException(
            "a row with "
                + row.features().length
                + " values was given to a file of rows with "
                + width);
      }
      put(row.features(), target);
      target += schema.rowBytes();
      label.set(count, row.label());
      validation.set(count, row.validation() ? 1 : 0);
      partition.set(count, row.partition());
      index.set(count, row.index());
      count++;
    }
    root.setRowCount(count);
    return count;
  }

  private void put(float[] row, long target) {
    if (schema.type() == DType.BFLOAT16) {
      Bfloat16Blocks.store(row, 0, target, row.length);
    } else {
      OffHeap.copyFrom(row, 0, target, row.length);
    }
  }
}
