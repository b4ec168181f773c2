package io.kindling.backend.cpu;

import io.kindling.memory.OffHeap;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;

/** Copies memory as it is, where type and order allow it, and fills it. */
public final class CopyLoop {
  /** Fewer elements are as fast one by one. */
  private static final long FEWEST_TO_FILL = 64;

  /** How many bytes are copied on and on to fill memory: they stay in the first-level cache. */
  private static final long PATTERN = 1 << 14;

  private CopyLoop() {}

  /**
   * Copies {@code from}, which may be broadcast, to {@code to} if both have one type and rows
   * without gaps, or if {@code from} is one element, of any type, and {@code to} without gaps.
   *
   * @return whether that was so
   */
  public static boolean run(Tensor from, Tensor to) {
    if (from.layout().isOnePosition() && to.numel() >= FEWEST_TO_FILL && to.layout().isDense()) {
      fill(from.dtype(), from.address(), to);
      return true;
    }
    if (from.dtype() != to.dtype()) {
      return false;
    }
    long bytes = to.dtype().bytes();
    if (to.layout().isDense() && from.layout().sameOrder(to.layout())) {
      OffHeap.copy(from.address(), to.address(), to.numel() * bytes);
      return true;
    }
    if (to.numel() == 0) {
      return true;
    }
    Walk walk = Walk.over(to.shape(), to.layout(), from.layout());
    if (walk.rowStride(0) != 1 || walk.rowStride(1) != 1) {
      return false;
    }
    long[] index = new long[walk.sizes.length];
    long[] offsets = new long[2];
    for (long row = 0, rows = walk.rows(); row < rows; row++) {
      long source = from.address() + offsets[1] * bytes;
      OffHeap.copy(source, to.address() + offsets[0] * bytes, walk.rowLength() * bytes);
      walk.advance(index, offsets);
    }
    return true;
  }

  private static void fill(DType from, long source, Tensor to) {
    DType dtype = to.dtype();
    long target = to.address();
    if (from.isFloatingPoint() || dtype.isFloatingPoint()) {
      dtype.writeDouble(target, from.readDouble(source));
    } else {
      dtype.writeLong(target, from.readLong(source));
    }
    long bytes = to.numel() * dtype.bytes();
    for (long done = dtype.bytes(); done < bytes; ) {
      long more = Math.min(Math.min(done, PATTERN), bytes - done);
      OffHeap.copy(target, target + done, more);
      done += more;
    }
  }
}
