package io.kindling.memory;

/** Memory of one device. Thread-safe. */
public interface Allocator {
  /**
   * Returns the address of at least {@code bytes} bytes, aligned to 64, contents undefined.
   *
   * @throws io.kindling.MemoryException when the limit is reached or the device has no more
   */
  long allocate(long bytes);

  /** Takes back what {@link #allocate} returned for the same number of bytes. */
  void free(long address, long bytes);

  /** Gives cached blocks back to the device. */
  void trim();

  MemoryStatistics statistics();
}
