package io.kindling.memory;

/** Memory of one device. Thread-safe. */
public interface Allocator {
  /**
   * Returns at least {@code bytes} bytes, aligned to 64, contents undefined. Whoever gets the block
   * calls its {@link Block#free}.
   *
   * @throws io.kindling.MemoryException when the limit is reached or the device has no more
   */
  Block allocate(long bytes);

  /** Gives cached blocks back to the device. */
  void trim();

  MemoryStatistics statistics();
}
