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
 * Sums the rows of a dense float32 matrix {@code (rows, columns)} to one row. Up to 1,024 rows at a
 * time are added in float32, what those come to in double.
 *
 * <p>The rows are images of one pixel's width and the sum is their average pooling, times the
 * number: 0.035 ns an element. oneDNN's own reduction is a reference kernel here, 18 ns, and what
 * its gradient of a convolution's weight does for a bias in channels-last takes 0.35 ns.
 */
final class RowSums {
  private static final int MOST_ROWS = 1024;
  private static final int LEAST_ROWS = 64;

  private final Primitive primitive;
  private final long matrices;
  private final long rows;
  private final int columns;

  private RowSums(Primitive primitive, long matrices, long rows, int columns) {
    this.primitive = primitive;
    this.matrices = matrices;
    this.rows = rows;
    this.columns = columns;
  }

  /** Null if oneDNN has no fast kernel, or the rows do not divide into parts of a good size. */
  static RowSums of(long rows, int columns, Preparation preparation) {
    long together = Math.min(rows, MOST_ROWS);
    while (rows % together != 0) {
      together--;
    }
    if (together < LEAST_ROWS && together < rows) {
      return null;
    }
    return of(rows / together, together, columns, preparation);
  }

  /** For {@code matrices} of so many rows, which {@link #areFinite} looks at apart. */
  static RowSums of(long matrices, long rows, int columns, Preparation preparation) {
    long all = rows * columns;
    dnnl_memory_desc source =
        preparation.memory(
            DType.FLOAT32,
            new long[] {matrices, columns, rows, 1},
            new long[] {all, 1, columns, columns});
    dnnl_memory_desc target =
        preparation.memory(
            DType.FLOAT32,
            new long[] {matrices, columns, 1, 1},
            new long[] {columns, 1, columns, columns});
    dnnl_primitive_desc operation =
        preparation.operation(
            "average pooling",
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
    return operation == null
        ? null
        : new RowSums(
            preparation.primitive(operation, DNNL_ARG_SRC, DNNL_ARG_DST), matrices, rows, columns);
  }

  /** Writes the sum of the rows at {@code source}, {@code columns} floats, to {@code target}. */
  void run(long source, long target) {
    double[] sums = new double[columns];
    means(
        source,
        means -> {
          for (long matrix = 0, at = means; matrix < matrices; matrix++) {
            for (int column = 0; column < columns; column++, at += 4) {
              sums[column] += OffHeap.getFloat(at);
            }
          }
          return true;
        });
    for (int column = 0; column < columns; column++) {
      OffHeap.putFloat(target + 4L * column, (float) (rows * sums[column]));
    }
  }

  /** Whether no sum is NaN or infinite; then none of what was added is. */
  boolean areFinite(long source) {
    return means(source, means -> NotANumber.isFinite(means, matrices * columns));
  }

  private boolean means(long source, LongPredicate use) {
    Block means = Backends.allocator(Device.CPU).allocate(4 * matrices * columns);
    try {
      primitive.execute(source, means.address());
      return use.test(means.address());
    } finally {
      means.free();
    }
  }
}
