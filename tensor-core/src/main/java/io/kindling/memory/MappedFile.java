package io.kindling.memory;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A part of a file as read-only memory. The operating system reads pages when they are touched and
 * drops them when it needs the room, so a file may be larger than the machine's memory.
 *
 * <p>Map only files that Kindling itself wrote and nobody else changes: touching a page beyond the
 * end of a file that was cut off kills the JVM, and so does reading after {@link #close}.
 */
public final class MappedFile implements AutoCloseable {
  /** The longest part that one mapping can have. */
  public static final long MOST_BYTES = Integer.MAX_VALUE;

  private final AtomicReference<MappedByteBuffer> buffer;
  private final long address;
  private final long bytes;

  private MappedFile(MappedByteBuffer buffer, long bytes) {
    this.buffer = new AtomicReference<>(buffer);
    this.address = OffHeap.address(buffer);
    this.bytes = bytes;
  }

  /**
   * Maps {@code bytes} bytes, at most {@link #MOST_BYTES}; the channel may be closed afterwards.
   */
  public static MappedFile map(FileChannel channel, long offset, long bytes) throws IOException {
    return new MappedFile(channel.map(FileChannel.MapMode.READ_ONLY, offset, bytes), bytes);
  }

  /** Where the first byte is. */
  public long address() {
    return address;
  }

  public long bytes() {
    return bytes;
  }

  /** Gives the address range back at once, without waiting for the garbage collector. */
  @Override
  public void close() {
    MappedByteBuffer mapped = buffer.getAndSet(null);
    if (mapped != null) {
      OffHeap.unmap(mapped);
    }
  }
}
