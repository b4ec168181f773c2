package io.kindling.backend.cpu;

import io.kindling.op.reduce.Reduction;
import io.kindling.tensor.DType;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import java.util.BitSet;

/**
 * Walks the input of a reduction. Where the fastest dimension is reduced, each result is folded
 * from its rows; where it is kept, rows are accumulated into a block of partial results. Memory is
 * read in order either way.
 */
public final class ReduceLoop {
  /** What is left of a block of integers when its halves have been combined. */
  private static final int LANES = 32;

  private final Reduction op;
  private final DType from;
  private final DType to;
  private final Walk kept;
  private final Walk inner;
  private final long count;
  private final long[] innerIndex;
  private final long[] innerOffset = new long[1];

  private ReduceLoop(Reduction op, DType from, DType to, Walk kept, Walk inner, long count) {
    this.op = op;
    this.from = from;
    this.to = to;
    this.kept = kept;
    this.inner = inner;
    this.count = count;
    this.innerIndex = new long[inner.sizes.length];
  }

  public static void run(Reduction op, Tensor input, Tensor output) {
    if (output.numel() == 0) {
      return;
    }
    Shape shape = input.shape();
    BitSet reduced = op.reduced(shape);
    boolean longs = !input.dtype().isFloatingPoint() && !output.dtype().isFloatingPoint();
    if (reduced.cardinality() == shape.rank() && input.layout().isDense()) {
      // One row however many dimensions there are: small tensors notice the walks.
      Walk row = Walk.row(shape.numel());
      new ReduceLoop(op, input.dtype(), output.dtype(), Walk.ONE, row, shape.numel())
          .foldEach(input.address(), output.address(), longs);
      return;
    }
    long[] keptSizes = shape.toArray();
    long[] reducedSizes = shape.toArray();
    long[] outputStrides = new long[shape.rank()];
    int out = 0;
    for (int dim = 0; dim < shape.rank(); dim++) {
      if (reduced.get(dim)) {
        keptSizes[dim] = 1;
        out += op.keepDim() ? 1 : 0;
      } else {
        reducedSizes[dim] = 1;
        outputStrides[dim] = output.layout().stride(out++);
      }
    }
    long[] inputStrides = input.layout().strides();
    Walk kept = Walk.over(keptSizes, inputStrides, outputStrides);
    Walk inner = Walk.over(reducedSizes, inputStrides);
    long count = 1;
    for (long size : reducedSizes) {
      count *= size;
    }
    ReduceLoop loop = new ReduceLoop(op, input.dtype(), output.dtype(), kept, inner, count);
    boolean keptIsFastest =
        kept.rowLength() > 1 && count > 0 && kept.rowStride(0) < inner.rowStride(0);
    if (keptIsFastest && !longs) {
      loop.accumulateRows(input.address(), output.address());
    } else {
      loop.foldEach(input.address(), output.address(), longs);
    }
  }

  private void accumulateRows(long input, long output) {
    Partials partials = new Partials(op, from, false);
    long[] index = new long[kept.sizes.length];
    long[] offsets = new long[2];
    for (long row = 0, rows = kept.rows(); row < rows; row++) {
      for (long done = 0; done < kept.rowLength(); done += Operands.LENGTH) {
        int width = (int) Math.min(Operands.LENGTH, kept.rowLength() - done);
        long source = input + (offsets[0] + done * kept.rowStride(0)) * from.bytes();
        long target = output + (offsets[1] + done * kept.rowStride(1)) * to.bytes();
        double[] totals = accumulate(partials, source, width);
        for (int i = 0; i < width; i++) {
          totals[i] = op.finish(totals[i], count);
        }
        Blocks.store(totals, 0, to, target, kept.rowStride(1), width);
      }
      kept.advance(index, offsets);
    }
  }

  /** Combines all rows of {@code width} elements from {@code source} on into one. */
  private double[] accumulate(Partials partials, long source, int width) {
    // Rows without a gap between them are accumulated several at once.
    boolean adjacent =
        kept.rowLength() == width && kept.rowStride(0) == 1 && inner.rowStride(0) == width;
    int most = adjacent ? Operands.LENGTH / width : 1;
    partials.start();
    for (long row = 0, rows = inner.rows(); row < rows; row++) {
      for (long done = 0; done < inner.rowLength(); done += most) {
        int together = (int) Math.min(most, inner.rowLength() - done);
        long start = source + (innerOffset[0] + done * inner.rowStride(0)) * from.bytes();
        partials.add(start, kept.rowStride(0), together * width);
      }
      inner.advance(innerIndex, innerOffset);
    }
    return partials.columns(width);
  }

  private void foldEach(long input, long output, boolean longs) {
    Partials partials = new Partials(op, from, true);
    long[] index = new long[kept.sizes.length];
    long[] offsets = new long[2];
    for (long row = 0, rows = kept.rows(); row < rows; row++) {
      for (long i = 0; i < kept.rowLength(); i++) {
        long source = input + (offsets[0] + i * kept.rowStride(0)) * from.bytes();
        long target = output + (offsets[1] + i * kept.rowStride(1)) * to.bytes();
        if (longs) {
          to.writeLong(target, count == 0 ? op.identityLongs() : foldLongs(source));
        } else {
          double combined = count == 0 ? op.identity() : foldDoubles(partials, source);
          to.writeDouble(target, op.finish(combined, count));
        }
      }
      kept.advance(index, offsets);
    }
  }

  private double foldDoubles(Partials partials, long source) {
    long stride = inner.rowStride(0);
    partials.start();
    for (long row = 0, rows = inner.rows(); row < rows; row++) {
      for (long done = 0; done < inner.rowLength(); done += Operands.LENGTH) {
        int width = (int) Math.min(Operands.LENGTH, inner.rowLength() - done);
        partials.add(source + (innerOffset[0] + done * stride) * from.bytes(), stride, width);
      }
      inner.advance(innerIndex, innerOffset);
    }
    return partials.result();
  }

  private long foldLongs(long source) {
    long[] values = Operands.ofThread().longs()[0];
    long[] second = Operands.ofThread().longs()[1];
    long result = 0;
    boolean first = true;
    long stride = inner.rowStride(0);
    for (long row = 0, rows = inner.rows(); row < rows; row++) {
      for (long done = 0; done < inner.rowLength(); done += Operands.LENGTH) {
        int left = (int) Math.min(Operands.LENGTH, inner.rowLength() - done);
        long start = source + (innerOffset[0] + done * stride) * from.bytes();
        Blocks.load(from, start, stride, values, 0, left);
        while (left > LANES) {
          int half = left / 2;
          System.arraycopy(values, left - half, second, 0, half);
          op.accumulate(second, values, half);
          left -= half;
        }
        for (int i = 0; i < left; i++) {
          result = first ? values[i] : op.combineLongs(result, values[i]);
          first = false;
        }
      }
      inner.advance(innerIndex, innerOffset);
    }
    return result;
  }
}
