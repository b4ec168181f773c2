package io.kindling.backend.cpu.onednn;

import io.kindling.memory.OffHeap;
import io.kindling.tensor.DType;

/**
 * Looks for NaN in dense memory of float32 or bfloat16. Some of oneDNN's kernels lose it ({@code
 * exp} makes infinity of it, {@code relu} 0, softmax zeros beside it), and a network that has gone
 * wrong must show that, so such calls are run in plain Java. The search takes 0.1 ns an element of
 * float32 and 0.05 of bfloat16; in large tensors of float32 it is done only where sums, 0.035 ns an
 * element, are not finite.
 */
final class NotANumber {
  private static final int BLOCK = 4096;
  private static final int FEWEST_TO_SUM = 1 << 15;
  private static final long MOST_TO_SUM = 1 << 30;
  private static final int COLUMNS = 64;

  private final Words words;
  private final long count;
  private final long summed;
  private final RowSums sums;

  private NotANumber(Words words, long count, RowSums sums) {
    this.words = words;
    this.count = count;
    this.sums = sums;
    this.summed = sums == null ? 0 : count / COLUMNS * COLUMNS;
  }

  /** The search in tensors of {@code count} elements of float32 or bfloat16. */
  static NotANumber in(DType dtype, long count, Preparation preparation) {
    if (dtype == DType.BFLOAT16) {
      return new NotANumber(Words.BFLOAT16, count, null);
    }
    boolean sum = count >= FEWEST_TO_SUM && count <= MOST_TO_SUM;
    return new NotANumber(
        Words.FLOAT32,
        count,
        sum ? RowSums.of(dtype, count / COLUMNS, COLUMNS, preparation) : null);
  }

  boolean isIn(long address) {
    long known = known(address);
    return words.reach(address + known * words.dtype.bytes(), count - known, words.toNaN);
  }

  /** Whether there is neither NaN nor infinity. */
  boolean isFinite(long address) {
    long known = known(address);
    return !words.reach(address + known * words.dtype.bytes(), count - known, words.toInfinity);
  }

  /** How many elements from an address on are finite because their sums are. */
  private long known(long address) {
    return sums != null && sums.areFinite(address) ? summed : 0;
  }

  /** Whether there is neither NaN nor infinity among so many of float32. */
  static boolean isFinite(long address, long count) {
    return !Words.FLOAT32.reach(address, count, Words.FLOAT32.toInfinity);
  }

  /**
   * Several numbers at a time, in the bits of a long: without its sign, NaN has larger bits than
   * infinity, so that adding the right number reaches the sign for NaN only, and 1 more does so for
   * infinity too.
   */
  private enum Words {
    FLOAT32(DType.FLOAT32, 0x8000000080000000L, 0x007fffff007fffffL, 0x0000000100000001L),
    BFLOAT16(DType.BFLOAT16, 0x8000800080008000L, 0x007f007f007f007fL, 0x0001000100010001L);

    private final DType dtype;
    private final long signs;
    private final long toNaN;
    private final long toInfinity;

    Words(DType dtype, long signs, long toNaN, long ones) {
      this.dtype = dtype;
      this.signs = signs;
      this.toNaN = toNaN;
      this.toInfinity = toNaN + ones;
    }

    /** Whether a sign is reached from one of {@code count} elements. */
    private boolean reach(long address, long count, long added) {
      long lanes = Long.BYTES / dtype.bytes();
      long whole = count / lanes;
      for (long done = 0; done < whole; done += BLOCK) {
        int some = (int) Math.min(BLOCK, whole - done);
        if (search(address + Long.BYTES * done, some, signs, added) != 0) {
          return true;
        }
      }
      for (long i = whole * lanes; i < count; i++) {
        double value = dtype.readDouble(address + i * dtype.bytes());
        if (added == toNaN ? Double.isNaN(value) : !Double.isFinite(value)) {
          return true;
        }
      }
      return false;
    }

    private static long search(long address, int count, long signs, long added) {
      long found = 0;
      for (int i = 0; i < count; i++) {
        found |= (OffHeap.getLong(address + 8L * i) & ~signs) + added;
      }
      return found & signs;
    }
  }
}
