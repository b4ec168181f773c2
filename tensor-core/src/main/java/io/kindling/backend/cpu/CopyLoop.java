package io.kindling.backend.cpu;

import io.kindling.memory.OffHeap;
import io.kindling.tensor.Tensor;

/** Copies memory as it is, where type and order allow it. */
public final class CopyLoop {
  private CopyLoop() {}

  /**
   * Copies {@code from}, which may be broadcast, to {@code to} if both have one type and rows
   * without gaps.
   *
   * @return whether that was so
   */
  public static boolean run(Tensor from, Tensor to) {
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
}
