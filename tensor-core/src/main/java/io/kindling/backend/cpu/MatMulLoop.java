package io.kindling.backend.cpu;

import io.kindling.tensor.Layout;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import java.util.Arrays;

/**
 * Matrix products of any floating or integral type and layout: row by row, each row of the result
 * is a sum of rows of the second matrix, accumulated in double precision (longs for integers). The
 * second matrix is converted once, a tile of columns at a time.
 */
public final class MatMulLoop {
  private MatMulLoop() {}

  /** {@code (..., M, K) x (..., K, N)}, leading dimensions broadcast to those of {@code out}. */
  public static void run(Tensor a, Tensor b, Tensor out) {
    if (b.dim() == 2) {
      run(a, b, b.layout(), null, out);
      return;
    }
    int rank = out.dim() - 2;
    long[] batch = Arrays.copyOf(out.shape().toArray(), rank);
    Layout left = expanded(a.layout(), batch);
    Layout right = expanded(b.layout(), batch);
    long batches = Shape.of(batch).numel();
    long[] index = new long[rank];
    for (long i = 0; i < batches; i++) {
      Layout la = at(left, index);
      Layout lo = at(out.layout(), index);
      multiply(a, la, b, at(right, index), null, out, lo);
      for (int d = rank - 1; d >= 0 && ++index[d] == batch[d]; d--) {
        index[d] = 0;
      }
    }
  }

  /**
   * {@code (..., K) x (K, N) + (N)}.
   *
   * @param matrix how {@code b} is seen as {@code (K, N)}
   * @param bias what is added to each row, or null
   */
  public static void run(Tensor a, Tensor b, Layout matrix, Tensor bias, Tensor out) {
    multiply(a, a.layout(), b, matrix, bias, out, out.layout());
  }

  private static Layout expanded(Layout layout, long[] batch) {
    long[] sizes = Arrays.copyOf(batch, batch.length + 2);
    sizes[batch.length] = layout.size(-2);
    sizes[batch.length + 1] = layout.size(-1);
    return layout.expand(sizes);
  }

  private static Layout at(Layout layout, long[] index) {
    Layout matrix = layout;
    for (long position : index) {
      matrix = matrix.select(0, position);
    }
    return matrix;
  }

  /** Rows of {@code a} are counted over all its dimensions but the last, as are those of out. */
  private static void multiply(
      Tensor a, Layout la, Tensor b, Layout lb, Tensor bias, Tensor out, Layout lo) {
    int depth = ArrayLength.of(lb.size(0));
    long columns = lb.size(1);
    long rows = lo.shape().without(-1).numel();
    int tile = Products.tile(depth, columns);
    if (!out.dtype().isFloatingPoint()) {
      multiplyLongs(a, la, b, lb, out, lo);
      return;
    }
    double[] matrix = new double[ArrayLength.of(depth, tile)];
    double[] factors = new double[depth];
    double[] sums = new double[tile];
    double[] biases = bias == null ? null : Blocks.vector(bias);
    long[] index = new long[lo.rank() - 1];
    for (long from = 0; from < columns; from += tile) {
      int count = (int) Math.min(tile, columns - from);
      loadTile(b, lb, from, depth, count, matrix);
      Arrays.fill(index, 0);
      for (long row = 0; row < rows; row++) {
        loadRow(a, offset(la, index), la.stride(-1), factors, 0, depth);
        if (biases == null) {
          Arrays.fill(sums, 0, count, 0);
        } else {
          System.arraycopy(biases, (int) from, sums, 0, count);
        }
        Products.add(factors, 0, 1, depth, matrix, count, sums, 0);
        long target = offset(lo, index) + from * lo.stride(-1);
        Blocks.store(sums, 0, out.dtype(), address(out, target), lo.stride(-1), count);
        advance(index, lo.shape());
      }
    }
  }

  /** Reads columns of {@code b} in the order in which they lie in memory. */
  private static void loadTile(
      Tensor b, Layout lb, long from, int depth, int count, double[] matrix) {
    if (lb.stride(1) <= lb.stride(0) || depth == 0) {
      for (int k = 0; k < depth; k++) {
        long start = lb.offset() + k * lb.stride(0) + from * lb.stride(1);
        loadRow(b, start, lb.stride(1), matrix, k * count, count);
      }
      return;
    }
    double[] column = new double[depth];
    for (int j = 0; j < count; j++) {
      loadRow(b, lb.offset() + (from + j) * lb.stride(1), lb.stride(0), column, 0, depth);
      for (int k = 0; k < depth; k++) {
        matrix[k * count + j] = column[k];
      }
    }
  }

  private static void loadRow(
      Tensor tensor, long offset, long stride, double[] to, int at, int count) {
    Blocks.load(tensor.dtype(), address(tensor, offset), stride, to, at, count);
  }

  private static void multiplyLongs(
      Tensor a, Layout la, Tensor b, Layout lb, Tensor out, Layout lo) {
    long rows = lo.shape().without(-1).numel();
    long[] index = new long[lo.rank() - 1];
    for (long row = 0; row < rows; row++) {
      for (long column = 0; column < lb.size(1); column++) {
        long sum = 0;
        for (long k = 0; k < lb.size(0); k++) {
          long left = offset(la, index) + k * la.stride(-1);
          long right = lb.offset() + k * lb.stride(0) + column * lb.stride(1);
          sum += a.dtype().readLong(address(a, left)) * b.dtype().readLong(address(b, right));
        }
        long target = offset(lo, index) + column * lo.stride(-1);
        out.dtype().writeLong(address(out, target), sum);
      }
      advance(index, lo.shape());
    }
  }

  private static long address(Tensor tensor, long offset) {
    return tensor.storage().address() + offset * tensor.dtype().bytes();
  }

  private static long offset(Layout layout, long[] index) {
    long offset = layout.offset();
    for (int d = 0; d < index.length; d++) {
      offset += index[d] * layout.stride(d);
    }
    return offset;
  }

  private static void advance(long[] index, Shape shape) {
    for (int d = index.length - 1; d >= 0 && ++index[d] == shape.size(d); d--) {
      index[d] = 0;
    }
  }
}
