package io.kindling.backend.cpu;

import io.kindling.op.reduce.Reduction;
import io.kindling.tensor.DType;

/**
 * The partial results of a reduction: block after block is combined into an array element by
 * element, which is a loop that the compiler vectorises; one with a single sum it does not. Floats
 * are combined as floats for {@link #DEEPEST} blocks, so that no float has passed more than some
 * twenty roundings when it becomes a double.
 *
 * <p>The loops read and write all arrays at the same index: an array read from another place on may
 * overlap the one written for all that the compiler knows, and it does not vectorise then. A copy
 * costs less.
 */
final class Partials {
  private static final int DEEPEST = 16;

  /** What is left of an array when its halves have been combined; the rest goes one by one. */
  private static final int LANES = 32;

  private final Reduction op;
  private final DType from;
  private final boolean one;
  private final boolean inFloats;
  private final double[] totals;
  private final double[] doubles;
  private final float[] sums;
  private final float[] floats;
  private int width;
  private int floatWidth;
  private int depth;

  /**
   * @param one whether all elements make one result, or those at the same place in each block
   */
  Partials(Reduction op, DType from, boolean one) {
    this.op = op;
    this.from = from;
    this.one = one;
    this.inFloats = op.inFloats() && from.compute() == DType.FLOAT32;
    Operands operands = Operands.ofThread();
    this.totals = operands.doubles()[0];
    this.doubles = operands.doubles()[1];
    this.sums = inFloats ? operands.floats()[0] : null;
    this.floats = inFloats ? operands.floats()[1] : null;
  }

  void start() {
    width = 0;
  }

  /** Combines {@code count} elements, {@code stride} elements apart, with what is there. */
  void add(long source, long stride, int count) {
    if (!inFloats) {
      Blocks.load(from, source, stride, width == 0 ? totals : doubles, 0, count);
      combineDoubles(count);
      return;
    }
    if (depth == 0) {
      Blocks.load(from, source, stride, sums, 0, count);
      floatWidth = count;
    } else {
      Blocks.load(from, source, stride, floats, 0, count);
      int both = Math.min(floatWidth, count);
      op.accumulate(floats, sums, both);
      System.arraycopy(floats, both, sums, both, count - both);
      floatWidth = Math.max(floatWidth, count);
    }
    depth++;
    if (depth == DEEPEST) {
      widen();
    }
  }

  private void widen() {
    while (one && floatWidth > LANES) {
      int half = floatWidth / 2;
      System.arraycopy(sums, floatWidth - half, floats, 0, half);
      op.accumulate(floats, sums, half);
      floatWidth -= half;
    }
    double[] into = width == 0 ? totals : doubles;
    for (int i = 0; i < floatWidth; i++) {
      into[i] = sums[i];
    }
    combineDoubles(floatWidth);
    depth = 0;
  }

  private void combineDoubles(int count) {
    if (width > 0) {
      int both = Math.min(width, count);
      op.accumulate(doubles, totals, both);
      System.arraycopy(doubles, both, totals, both, count - both);
    }
    width = Math.max(width, count);
  }

  /** The results of {@code columns} places that repeat within a block, from the array's start. */
  double[] columns(int columns) {
    if (depth > 0) {
      widen();
    }
    for (int rows = width / columns; rows > 1; ) {
      int half = rows / 2;
      System.arraycopy(totals, (rows - half) * columns, doubles, 0, half * columns);
      op.accumulate(doubles, totals, half * columns);
      rows -= half;
    }
    return totals;
  }

  /** The one result. */
  double result() {
    if (depth > 0) {
      widen();
    }
    while (width > LANES) {
      int half = width / 2;
      System.arraycopy(totals, width - half, doubles, 0, half);
      op.accumulate(doubles, totals, half);
      width -= half;
    }
    return op.fold(totals, width);
  }
}
