package io.kindling.spark.feed;

import io.kindling.memory.MappedFile;
import io.kindling.memory.OffHeap;
import io.kindling.memory.RefCounted;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.message.ArrowBlock;

/**
 * The mapped record batches of a file that {@link BatchFileWriter} wrote, with the address of every
 * value. A mapping is limited to 2 GiB, so that the file is mapped in segments of whole batches.
 * Whoever reads holds a reference, and the last one ends the mapping.
 */
final class MappedBatches extends RefCounted {
  static final long SEGMENT_BYTES = 1L << 30;

  /** Before a message's flatbuffer: a marker and the flatbuffer's length, four bytes each. */
  private static final int MESSAGE_PREFIX = 8;

  private final List<MappedFile> segments = new ArrayList<>();
  private final long rowBytes;
  private final int batchBits;
  private final int rowInBatch;
  private final int rows;

  /** Addresses by batch and buffer. */
  private final long[] buffers;

  private MappedBatches(BatchFileSchema schema, int rows, int batches) {
    this.rowBytes = schema.rowBytes();
    this.rows = rows;
    this.batchBits = Integer.numberOfTrailingZeros(schema.rowsPerBatch());
    this.rowInBatch = schema.rowsPerBatch() - 1;
    this.buffers = new long[batches * BatchFileSchema.BUFFERS];
  }

  /** Maps batches together up to {@code segmentBytes}; a larger batch has a segment of its own. */
  static MappedBatches map(Path file, BatchFileSchema schema, int rows, long segmentBytes)
      throws IOException {
    try (FileChannel channel = FileChannel.open(file);
        RootAllocator allocator = new RootAllocator();
        ArrowFileReader reader = new ArrowFileReader(channel, allocator)) {
      List<ArrowBlock> blocks = reader.getRecordBlocks();
      MappedBatches mapped = new MappedBatches(schema, rows, blocks.size());
      try {
        mapped.mapAll(channel, blocks, segmentBytes);
        return mapped;
      } catch (IOException | RuntimeException | Error e) {
        mapped.release();
        throw e;
      }
    }
  }

  int rows() {
    return rows;
  }

  /** Where the features of a row are. */
  long features(int row) {
    return buffer(row, BatchFileSchema.FEATURES_BUFFER) + (row & rowInBatch) * rowBytes;
  }

  long label(int row) {
    return OffHeap.getLong(buffer(row, BatchFileSchema.LABEL_BUFFER) + 8L * (row & rowInBatch));
  }

  int partition(int row) {
    return OffHeap.getInt(buffer(row, BatchFileSchema.PARTITION_BUFFER) + 4L * (row & rowInBatch));
  }

  long index(int row) {
    return OffHeap.getLong(buffer(row, BatchFileSchema.INDEX_BUFFER) + 8L * (row & rowInBatch));
  }

  boolean isValidation(int row) {
    int bit = row & rowInBatch;
    long bits = buffer(row, BatchFileSchema.VALIDATION_BUFFER);
    return (OffHeap.getByte(bits + bit / 8) >> bit % 8 & 1) != 0;
  }

  @Override
  protected void released() {
    segments.forEach(MappedFile::close);
  }

  private long buffer(int row, int buffer) {
    return buffers[(row >> batchBits) * BatchFileSchema.BUFFERS + buffer];
  }

  private void mapAll(FileChannel channel, List<ArrowBlock> blocks, long segmentBytes)
      throws IOException {
    int first = 0;
    while (first < blocks.size()) {
      long start = blocks.get(first).getOffset();
      int last = first;
      while (last + 1 < blocks.size() && end(blocks.get(last + 1)) - start <= segmentBytes) {
        last++;
      }
      MappedFile segment = MappedFile.map(channel, start, end(blocks.get(last)) - start);
      segments.add(segment);
      for (int batch = first; batch <= last; batch++) {
        ArrowBlock block = blocks.get(batch);
        long body = segment.address() + block.getOffset() + block.getMetadataLength() - start;
        RecordBatch message = message(channel, block);
        for (int buffer = 0; buffer < BatchFileSchema.BUFFERS; buffer++) {
          buffers[batch * BatchFileSchema.BUFFERS + buffer] =
              body + message.buffers(buffer).offset();
        }
      }
      first = last + 1;
    }
  }

  /** What a batch says about its buffers. */
  private static RecordBatch message(FileChannel channel, ArrowBlock block) throws IOException {
    ByteBuffer metadata = ByteBuffer.allocate(block.getMetadataLength());
    while (metadata.hasRemaining()) {
      if (channel.read(metadata, block.getOffset() + metadata.position()) < 0) {
        throw new EOFException("the file ends inside a record batch's description");
      }
    }
    metadata.position(MESSAGE_PREFIX);
    return (RecordBatch) Message.getRootAsMessage(metadata.slice()).header(new RecordBatch());
  }

  private static long end(ArrowBlock block) {
    return block.getOffset() + block.getMetadataLength() + block.getBodyLength();
  }
}
