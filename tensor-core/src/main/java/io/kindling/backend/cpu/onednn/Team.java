package io.kindling.backend.cpu.onednn;

/**
 * How many OpenMP threads the primitives of one Java thread use: those it may, or only itself where
 * waking the others takes longer than they save. Sleeping threads are awake after 48 microseconds
 * on a virtual machine, which a product of 128 x 512 by 512 x 256 just makes up for.
 */
final class Team {
  /** Work of one thread, in nanoseconds, from which several are faster. */
  static final double WORTH_WAKING = 100_000;

  /** Multiply-adds of float32 a nanosecond, in oneDNN's kernels on AVX-512. */
  private static final double MULTIPLICATIONS = 100;

  /** Nanoseconds to move a byte between orders. */
  private static final double BYTE = 0.04;

  private int allowed = 1;
  private int current;

  /** The nanoseconds that one thread takes for so many multiply-adds, roughly. */
  static double multiplications(double count) {
    return count / MULTIPLICATIONS;
  }

  /** The nanoseconds that one thread takes to copy so many bytes to another order, roughly. */
  static double copies(long bytes) {
    return bytes * BYTE;
  }

  /** Lets primitives that are made from now on use so many threads. */
  void allow(int threads) {
    allowed = threads;
  }

  /** How many threads suit work that takes one so many nanoseconds. */
  int size(double nanoseconds) {
    return nanoseconds < WORTH_WAKING ? 1 : allowed;
  }

  /** Makes what the calling thread prepares or runs next use so many threads. */
  void use(int threads) {
    if (threads != current) {
      OpenMp.setThreads(threads);
      current = threads;
    }
  }
}
