package io.kindling.backend.cpu.onednn;

import io.kindling.memory.OffHeap;

/**
 * Looks for NaN in dense float32 memory. Some of oneDNN's kernels lose it ({@code exp} makes
 * infinity of it, {@code relu} 0, softmax zeros beside it), and a network that has gone wrong must
 * show that, so such calls are run in plain Java. The search takes 0.1 ns an element; in large
 * tensors it is done only where sums, 0.035 ns an element, are not finite.
 */
final class NotANumber {
  private static final long WITHOUT_SIGNS = 0x7fffffff7fffffffL;
  private static final long TO_NAN = 0x007fffff007fffffL;
  private static final long TO_INFINITY = 0x0080000000800000L;
  private static final long SIGNS = 0x8000000080000000L;
  private static final int BLOCK = 4096;
  private static final int FEWEST_TO_SUM = 1 << 15;
  private static final long MOST_TO_SUM = 1 << 30;
  private static final int COLUMNS = 64;

  private final long count;
  private final long summed;
  private final RowSums sums;

  private NotANumber(long count, RowSums sums) {
    this.count = count;
    this.sums = sums;
    this.summed = sums == null ? 0 : count / COLUMNS * COLUMNS;
  }

  /** The search in tensors of {@code count} elements. */
  static NotANumber in(long count, Preparation preparation) {
    boolean sum = count >= FEWEST_TO_SUM && count <= MOST_TO_SUM;
    return new NotANumber(count, sum ? RowSums.of(count / COLUMNS, COLUMNS, preparation) : null);
  }

  boolean isIn(long address) {
    return isSumFinite(address) ? isIn(address + 4 * summed, count - summed) : isIn(address, count);
  }

  /** Whether there is neither NaN nor infinity. */
  boolean isFinite(long address) {
    return isSumFinite(address)
        ? isFinite(address + 4 * summed, count - summed)
        : isFinite(address, count);
  }

  private boolean isSumFinite(long address) {
    return sums != null && sums.areFinite(address);
  }

  static boolean isIn(long address, long count) {
    return reaches(address, count, TO_NAN)
        || count % 2 != 0 && Float.isNaN(OffHeap.getFloat(address + 4 * (count - 1)));
  }

  /** Whether there is neither NaN nor infinity. */
  static boolean isFinite(long address, long count) {
    return !reaches(address, count, TO_INFINITY)
        && (count % 2 == 0 || Float.isFinite(OffHeap.getFloat(address + 4 * (count - 1))));
  }

  private static boolean reaches(long address, long count, long added) {
    long pairs = count / 2;
    for (long done = 0; done < pairs; done += BLOCK) {
      if (search(address + 8 * done, (int) Math.min(BLOCK, pairs - done), added) != 0) {
        return true;
      }
    }
    return false;
  }

  /**
   * Two numbers at a time: without its sign, NaN has larger bits than infinity, 0x7f800000, so that
   * adding 0x7fffff reaches the sign, and 0x800000 does so for infinity too.
   */
  private static long search(long address, int pairs, long added) {
    long found = 0;
    for (int i = 0; i < pairs; i++) {
      found |= (OffHeap.getLong(address + 8L * i) & WITHOUT_SIGNS) + added;
    }
    return found & SIGNS;
  }
}
