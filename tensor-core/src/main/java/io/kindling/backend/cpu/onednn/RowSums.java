package io.kindling.backend.cpu.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_inference;
import static org.bytedeco.dnnl.global.dnnl.dnnl_pooling_avg_include_padding;
import static org.bytedeco.dnnl.global.dnnl.dnnl_pooling_forward_primitive_desc_create;

import io.kindling.backend.Backends;
import io.kindling.memory.Block;
import io.kindling.memory.OffHeap;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import java.util.function.LongPredicate;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;

/**
 * Sums the rows of a dense float32 matrix {@code (rows, columns)} to one row. Up to 256 rows at a
 * time are added in float32, what those come to in double.
 *
 * <p>The rows are images of one pixel's width and the sum is their average pooling, times the
 * number: 0.035 ns an element. oneDNN's own reduction is a reference kernel here, 18 ns, and what
 * its gradient of a convolution's weight does for a bias in channels-last takes 0.35 ns.
 */
final class RowSums {
  private static final int ROWS = 256;

  /** Nanoseconds of one thread. */
  private static final double ELEMENT = 0.035;

  private final long rows;
  private final int columns;
  private final Primitive parts;
  private final Primitive rest;

  private RowSums(long rows, int columns, Primitive parts, Primitive rest) {
    this.rows = rows;
    this.columns = columns;
    this.parts = parts;
    this.rest = rest;
  }

  /** Null if oneDNN has no kernel. */
  static RowSums of(long rows, int columns, Preparation preparation) {
    int left = (int) (rows % ROWS);
    Primitive parts = rows < ROWS ? null : means(rows / ROWS, ROWS, columns, preparation);
    Primitive rest = left == 0 ? null : means(1, left, columns, preparation);
    boolean whole = (rows < ROWS || parts != null) && (left == 0 || rest != null);
    return whole ? new RowSums(rows, columns, parts, rest) : null;
  }

  private static Primitive means(long matrices, long rows, long columns, Preparation preparation) {
    dnnl_memory_desc source =
        preparation.memory(
            DType.FLOAT32,
            new long[] {matrices, columns, rows, 1},
            new long[] {rows * columns, 1, columns, columns});
    dnnl_memory_desc target =
        preparation.memory(
            DType.FLOAT32,
            new long[] {matrices, columns, 1, 1},
            new long[] {columns, 1, columns, columns});
    dnnl_primitive_desc operation =
        preparation.operation(
            "average pooling",
            ELEMENT * matrices * rows * columns,
            created ->
                dnnl_pooling_forward_primitive_desc_create(
                    created,
                    OneDnn.engine(),
                    dnnl_forward_inference,
                    dnnl_pooling_avg_include_padding,
                    source,
                    target,
                    new long[] {1, 1},
                    new long[] {rows, 1},
                    new long[] {0, 0},
                    new long[] {0, 0},
                    new long[] {0, 0},
                    OneDnn.attributes()));
    return operation == null ? null : preparation.primitive(operation, DNNL_ARG_SRC, DNNL_ARG_DST);
  }

  /** The sum of the rows at an address, one number a column. */
  double[] run(long source) {
    double[] sums = new double[columns];
    long whole = rows / ROWS;
    withMeans(
        source,
        means -> {
          long at = means;
          for (long part = 0; part < whole; part++, at += 4L * columns) {
            add(at, ROWS, sums);
          }
          add(at, rest == null ? 0 : rows % ROWS, sums);
          return true;
        });
    return sums;
  }

  private static void add(long means, long rows, double[] sums) {
    for (int column = 0; rows > 0 && column < sums.length; column++) {
      sums[column] += rows * (double) OffHeap.getFloat(means + 4L * column);
    }
  }

  /** Whether no sum of a part is NaN or infinite; then none of what was added is. */
  boolean areFinite(long source) {
    return withMeans(source, means -> NotANumber.isFinite(means, means() * columns));
  }

  private long means() {
    return rows / ROWS + (rest == null ? 0 : 1);
  }

  private boolean withMeans(long source, LongPredicate use) {
    Block means = Backends.allocator(Device.CPU).allocate(4 * means() * columns);
    try {
      long done = rows / ROWS * columns;
      if (parts != null) {
        parts.execute(source, means.address());
      }
      if (rest != null) {
        rest.execute(source + 4 * done * ROWS, means.address() + 4 * done);
      }
      return use.test(means.address());
    } finally {
      means.free();
    }
  }
}
