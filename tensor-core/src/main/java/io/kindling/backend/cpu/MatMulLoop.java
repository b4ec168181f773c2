package io.kindling.backend.cpu;

import static io.kindling.memory.OffHeap.getDouble;
import static io.kindling.memory.OffHeap.putDouble;

import io.kindling.memory.OffHeap;
import io.kindling.tensor.DType;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;

/**
 * Matrix products of any floating or integral type and layout: row by row, each row of the result
 * is a sum of rows of the second matrix, accumulated in double precision (longs for integers).
 */
public final class MatMulLoop {
  private MatMulLoop() {}

  public static void run(Tensor a, Tensor b, Tensor out) {
    Shape shape = out.shape();
    int rank = shape.rank();
    long[] batch = java.util.Arrays.copyOf(shape.toArray(), rank - 2);
    Layout left = expanded(a.layout(), batch);
    Layout right = expanded(b.layout(), batch);
    long batches = Shape.of(batch).numel();
    long[] index = new long[rank - 2];
    for (long i = 0; i < batches; i++) {
      long la = left.offset();
      long lb = right.offset();
      long lo = out.layout().offset();
      for (int d = 0; d < rank - 2; d++) {
        la += index[d] * left.stride(d);
        lb += index[d] * right.stride(d);
        lo += index[d] * out.layout().stride(d);
      }
      multiply(a, left, la, b, right, lb, out, lo);
      for (int d = rank - 3; d >= 0 && ++index[d] == batch[d]; d--) {
        index[d] = 0;
      }
    }
  }

  private static Layout expanded(Layout layout, long[] batch) {
    long[] sizes = java.util.Arrays.copyOf(batch, batch.length + 2);
    sizes[batch.length] = layout.size(-2);
    sizes[batch.length + 1] = layout.size(-1);
    return layout.expand(sizes);
  }

  private static void multiply(
      Tensor a, Layout la, long oa, Tensor b, Layout lb, long ob, Tensor out, long oo) {
    DType dtype = out.dtype();
    boolean integral = !dtype.isFloatingPoint();
    DType compute = integral ? DType.INT64 : DType.FLOAT64;
    int bytes = dtype.bytes();
    long baseA = a.storage().address();
    long baseB = b.storage().address() + ob * bytes;
    long columns = lb.size(-1);
    long depth = la.size(-1);
    Blocks blocks = Blocks.ofThread();
    long sums = blocks.address(0);
    for (long row = 0; row < la.size(-2); row++) {
      for (long from = 0; from < columns; from += Blocks.SIZE) {
        int width = (int) Math.min(Blocks.SIZE, columns - from);
        OffHeap.zero(sums, 8L * width);
        for (long k = 0; k < depth; k++) {
          long atA = baseA + (oa + row * la.stride(-2) + k * la.stride(-1)) * bytes;
          long source = baseB + (k * lb.stride(-2) + from * lb.stride(-1)) * bytes;
          long line = source;
          if (dtype != compute || lb.stride(-1) != 1) {
            line = blocks.address(1);
            Blocks.load(dtype, source, lb.stride(-1), compute, line, width);
          }
          if (integral) {
            addLongs(sums, line, dtype.readLong(atA), width);
          } else {
            addDoubles(sums, line, dtype.readDouble(atA), width);
          }
        }
        long target =
            out.storage().address()
                + (oo + row * out.layout().stride(-2) + from * out.layout().stride(-1)) * bytes;
        Blocks.store(compute, sums, dtype, target, out.layout().stride(-1), width);
      }
    }
  }

  private static void addDoubles(long sums, long line, double factor, int count) {
    for (int i = 0; i < count; i++) {
      putDouble(sums + 8L * i, getDouble(sums + 8L * i) + factor * getDouble(line + 8L * i));
    }
  }

  private static void addLongs(long sums, long line, long factor, int count) {
    for (int i = 0; i < count; i++) {
      OffHeap.putLong(
          sums + 8L * i, OffHeap.getLong(sums + 8L * i) + factor * OffHeap.getLong(line + 8L * i));
    }
  }
}
