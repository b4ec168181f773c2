package io.kindling.backend.cpu;

import io.kindling.memory.OffHeap;
import io.kindling.op.reduce.Reduction;
import io.kindling.tensor.DType;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import java.util.BitSet;

/**
 * Walks the input of a reduction. Where the fastest dimension is reduced, rows are folded; where it
 * is kept, rows are accumulated into a block of partial results, so that memory is read in order
 * either way.
 */
public final class ReduceLoop {
  private ReduceLoop() {}

  public static void run(Reduction op, Tensor input, Tensor output) {
    if (output.numel() == 0) {
      return;
    }
    Shape shape = input.shape();
    BitSet reduced = op.reduced(shape);
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
    Shape keptShape = Shape.of(keptSizes);
    Shape reducedShape = Shape.of(reducedSizes);
    Walk kept =
        Walk.over(
            keptShape,
            Layout.strided(keptShape, inputStrides, 0),
            Layout.strided(keptShape, outputStrides, 0));
    Walk inner = Walk.over(reducedShape, Layout.strided(reducedShape, inputStrides, 0));
    long count = reducedShape.numel();
    boolean longs = !input.dtype().isFloatingPoint() && !output.dtype().isFloatingPoint();
    boolean keptIsFastest =
        kept.rowLength() > 1 && count > 0 && kept.rowStride(0) < inner.rowStride(0);
    if (keptIsFastest && !longs) {
      accumulateRows(op, input, output, kept, inner, count);
    } else {
      foldEach(op, input, output, kept, inner, count, longs);
    }
  }

  private static void accumulateRows(
      Reduction op, Tensor input, Tensor output, Walk kept, Walk inner, long count) {
    Blocks blocks = Blocks.ofThread();
    long partial = blocks.address(0);
    long[] index = new long[kept.sizes.length];
    long[] offsets = new long[2];
    int bytes = input.dtype().bytes();
    long innerRows = inner.rows();
    for (long row = 0, rows = kept.rows(); row < rows; row++) {
      for (long done = 0; done < kept.rowLength(); done += Blocks.SIZE) {
        int width = (int) Math.min(Blocks.SIZE, kept.rowLength() - done);
        for (int i = 0; i < width; i++) {
          OffHeap.putDouble(partial + 8L * i, op.identity());
        }
        boolean first = true;
        long from = input.address() + (offsets[0] + done * kept.rowStride(0)) * bytes;
        long[] innerIndex = new long[inner.sizes.length];
        long[] innerOffset = new long[1];
        for (long r = 0; r < innerRows; r++) {
          for (long i = 0; i < inner.rowLength(); i++) {
            long source = from + (innerOffset[0] + i * inner.rowStride(0)) * bytes;
            long target = first ? partial : blocks.address(1);
            Blocks.load(input.dtype(), source, kept.rowStride(0), DType.FLOAT64, target, width);
            if (!first) {
              op.accumulate(target, partial, width);
            }
            first = false;
          }
          inner.advance(innerIndex, innerOffset);
        }
        for (int i = 0; i < width; i++) {
          double value = op.finish(OffHeap.getDouble(partial + 8L * i), count);
          OffHeap.putDouble(partial + 8L * i, value);
        }
        Blocks.store(
            DType.FLOAT64,
            partial,
            output.dtype(),
            output.address() + (offsets[1] + done * kept.rowStride(1)) * output.dtype().bytes(),
            kept.rowStride(1),
            width);
      }
      kept.advance(index, offsets);
    }
  }

  private static void foldEach(
      Reduction op, Tensor input, Tensor output, Walk kept, Walk inner, long count, boolean longs) {
    Blocks blocks = Blocks.ofThread();
    long[] index = new long[kept.sizes.length];
    long[] offsets = new long[2];
    for (long row = 0, rows = kept.rows(); row < rows; row++) {
      for (long i = 0; i < kept.rowLength(); i++) {
        long from = input.address() + (offsets[0] + i * kept.rowStride(0)) * input.dtype().bytes();
        long to = output.address() + (offsets[1] + i * kept.rowStride(1)) * output.dtype().bytes();
        if (longs) {
          output.dtype().writeLong(to, foldLongs(op, input.dtype(), from, inner, count, blocks));
        } else {
          double combined = foldDoubles(op, input.dtype(), from, inner, count, blocks);
          output.dtype().writeDouble(to, op.finish(combined, count));
        }
      }
      kept.advance(index, offsets);
    }
  }

  private static double foldDoubles(
      Reduction op, DType dtype, long from, Walk inner, long count, Blocks blocks) {
    double result = op.identity();
    if (count == 0) {
      return result;
    }
    boolean first = true;
    long[] index = new long[inner.sizes.length];
    long[] offset = new long[1];
    long stride = inner.rowStride(0);
    for (long row = 0, rows = inner.rows(); row < rows; row++) {
      for (long done = 0; done < inner.rowLength(); done += Blocks.SIZE) {
        int width = (int) Math.min(Blocks.SIZE, inner.rowLength() - done);
        long source = from + (offset[0] + done * stride) * dtype.bytes();
        if (dtype != DType.FLOAT64 || stride != 1) {
          Blocks.load(dtype, source, stride, DType.FLOAT64, blocks.address(0), width);
          source = blocks.address(0);
        }
        double part = op.fold(source, width);
        result = first ? part : op.combine(result, part);
        first = false;
      }
      inner.advance(index, offset);
    }
    return result;
  }

  private static long foldLongs(
      Reduction op, DType dtype, long from, Walk inner, long count, Blocks blocks) {
    if (count == 0) {
      return op.identityLongs();
    }
    long result = 0;
    boolean first = true;
    long[] index = new long[inner.sizes.length];
    long[] offset = new long[1];
    long stride = inner.rowStride(0);
    for (long row = 0, rows = inner.rows(); row < rows; row++) {
      for (long done = 0; done < inner.rowLength(); done += Blocks.SIZE) {
        int width = (int) Math.min(Blocks.SIZE, inner.rowLength() - done);
        long source = from + (offset[0] + done * stride) * dtype.bytes();
        Blocks.load(dtype, source, stride, DType.INT64, blocks.address(0), width);
        long part = op.foldLongs(blocks.address(0), width);
        result = first ? part : op.combineLongs(result, part);
        first = false;
      }
      inner.advance(index, offset);
    }
    return result;
  }
}
