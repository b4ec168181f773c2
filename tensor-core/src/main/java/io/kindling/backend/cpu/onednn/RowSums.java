package io.kindling.backend.cpu.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_inference;
import static org.bytedeco.dnnl.global.dnnl.dnnl_matmul_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_pooling_avg_include_padding;
import static org.bytedeco.dnnl.global.dnnl.dnnl_pooling_forward_primitive_desc_create;

import io.kindling.backend.Backends;
import io.kindling.memory.Block;
import io.kindling.memory.OffHeap;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import io.kindling.tensor.Tensor;
import java.util.function.LongPredicate;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;

/**
 * Sums the rows of a dense matrix {@code (rows, columns)} of float32 or bfloat16 to one row. Up to
 * 256 rows at a time are added in float32, what those come to in double.
 *
 * <p>In float32 the rows are images of one pixel's width and the sum is their average pooling,
 * times the number: 0.035 ns an element. Of bfloat16 the pooling would round to it, so the sum is
 * the product of ones and the rows, several of which count as one where they are short: 0.045. The
 * product reads a few columns of many rows at a time, which takes 0.2 where memory is far; so each
 * part is first fetched line by line, and both together take 0.11. oneDNN's own reduction is a
 * reference kernel here, 18 ns, and what its gradient of a convolution's weight does for a bias in
 * channels-last takes 0.35 ns.
 */
final class RowSums {
  static final int MOST_COLUMNS = 1 << 16;

  private static final int ROWS = 256;

  /** Products want so many columns: 32 take 0.18 ns an element. */
  private static final int WIDTH = 512;

  /** A part of so many elements of bfloat16 stays in the second-level cache when it is fetched. */
  private static final int PART = 1 << 17;

  /** Of fewer rows the product is slower than what fetching saves. */
  private static final int FEWEST_ROWS = 32;

  /** Bytes that come from memory together. */
  private static final int LINE = 64;

  /** Nanoseconds of one thread. */
  private static final double ELEMENT = 0.04;

  /** The bits of four ones of bfloat16. */
  private static final long ONES = 0x3f803f803f803f80L;

  /** In the work memory the factors come first, and the sums of the parts after them. */
  private static final int FACTORS = 2 * ROWS;

  private final long rows;
  private final int columns;

  /** How many rows that follow each other count as one, whose columns are then added. */
  private final int together;

  /** How many rows a part has, each {@link #together} long. */
  private final int height;

  /** All parts of float32, one of bfloat16. */
  private final Primitive parts;

  private final Primitive rest;
  private final boolean means;

  @SuppressWarnings("UnusedVariable") // what nobody keeps the compiler would not read
  private long fetched;

  private RowSums(
      long rows,
      int columns,
      int together,
      int height,
      Primitive parts,
      Primitive rest,
      boolean means) {
    this.rows = rows;
    this.columns = columns;
    this.together = together;
    this.height = height;
    this.parts = parts;
    this.rest = rest;
    this.means = means;
  }

  /** Null if oneDNN has no kernel. */
  static RowSums of(DType dtype, long rows, int columns, Preparation preparation) {
    boolean means = dtype == DType.FLOAT32;
    int together = means ? 1 : (int) Math.max(1, Math.min(rows, WIDTH / columns));
    int width = columns * together;
    int height = means ? ROWS : Math.max(FEWEST_ROWS, Math.min(ROWS, PART / width));
    long all = rows / together;
    int left = (int) (all % height);
    Primitive parts = all < height ? null : part(dtype, all / height, height, width, preparation);
    Primitive rest = left == 0 ? null : part(dtype, 1, left, width, preparation);
    boolean whole = (all < height || parts != null) && (left == 0 || rest != null);
    return whole ? new RowSums(rows, columns, together, height, parts, rest, means) : null;
  }

  private static Primitive part(
      DType dtype, long matrices, long rows, long columns, Preparation preparation) {
    return dtype == DType.FLOAT32
        ? means(matrices, rows, columns, preparation)
        : product(dtype, rows, columns, preparation);
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

  private static Primitive product(DType dtype, long rows, long columns, Preparation preparation) {
    dnnl_memory_desc source =
        preparation.memory(dtype, new long[] {rows, columns}, new long[] {columns, 1});
    dnnl_memory_desc ones = preparation.memory(dtype, new long[] {1, rows}, new long[] {rows, 1});
    dnnl_memory_desc target =
        preparation.memory(DType.FLOAT32, new long[] {1, columns}, new long[] {columns, 1});
    dnnl_primitive_desc operation =
        preparation.operation(
            "matmul",
            ELEMENT * rows * columns,
            created ->
                dnnl_matmul_primitive_desc_create(
                    created, OneDnn.engine(), ones, source, null, target, OneDnn.attributes()));
    return operation == null
        ? null
        : preparation.primitive(operation, DNNL_ARG_WEIGHTS, DNNL_ARG_DST, DNNL_ARG_SRC);
  }

  /** How many elements a part has that is made and added up at once; 0 if all are fewer. */
  long part() {
    return parts == null ? 0 : (long) height * width();
  }

  /** Called before rows are read, from the first part to the last. */
  @FunctionalInterface
  interface Maker {
    /** Writes those in {@code bytes} bytes, {@code from} bytes behind the first row. */
    void make(long from, long bytes);
  }

  /** The sum of the rows at an address, one number a column. */
  double[] run(long source) {
    return run(source, near(source));
  }

  /** The sum of rows of bfloat16 that are made, part by part, before they are added up. */
  double[] run(long source, Maker maker) {
    double[] sums = new double[columns];
    long whole = whole();
    withParts(
        source,
        maker,
        parts -> {
          long at = parts;
          for (long part = 0; part < whole; part++, at += 4L * width()) {
            add(at, means ? ROWS : 1, sums);
          }
          if (rest != null) {
            add(at, means ? rows % ROWS : 1, sums);
          }
          return true;
        });
    for (long i = rows / together * width(); i < rows * columns; i++) {
      sums[(int) (i % columns)] += DType.BFLOAT16.readDouble(source + 2 * i);
    }
    return sums;
  }

  private void add(long part, long times, double[] sums) {
    for (int row = 0; row < together; row++) {
      long at = part + 4L * row * columns;
      for (int column = 0; column < columns; column++) {
        sums[column] += times * (double) OffHeap.getFloat(at + 4L * column);
      }
    }
  }

  /** Writes what {@link #run} found to a tensor that has one element for each column. */
  static void store(double[] sums, Tensor target) {
    DType dtype = target.dtype();
    for (int i = 0; i < sums.length; i++) {
      dtype.writeDouble(target.address() + (long) i * dtype.bytes(), sums[i]);
    }
  }

  /** Whether no sum of a part is NaN or infinite; then none of the float32 that was added is. */
  boolean areFinite(long source) {
    return withParts(source, near(source), parts -> NotANumber.isFinite(parts, count() * columns));
  }

  private int width() {
    return columns * together;
  }

  /** How many parts have all their rows. */
  private long whole() {
    return rows / together / height;
  }

  /** How many parts there are. */
  private long count() {
    return whole() + (rest == null ? 0 : 1);
  }

  /** Adds each part's rows up, and hands over where the first part's sums are. */
  private boolean withParts(long source, Maker maker, LongPredicate use) {
    long factors = means ? 0 : FACTORS;
    Block work = Backends.allocator(Device.CPU).allocate(factors + 4 * count() * width());
    try {
      long sums = work.address() + factors;
      if (means) {
        means(source, sums);
      } else {
        products(source, maker, sums, work.address());
      }
      return use.test(sums);
    } finally {
      work.free();
    }
  }

  private void means(long source, long target) {
    long done = whole() * width();
    if (parts != null) {
      parts.execute(source, target);
    }
    if (rest != null) {
      rest.execute(source + 4 * done * height, target + 4 * done);
    }
  }

  private void products(long source, Maker maker, long target, long ones) {
    for (long at = 0; at < FACTORS; at += Long.BYTES) {
      OffHeap.putLong(ones + at, ONES);
    }
    long from = 0;
    long to = target;
    long bytes = 2L * height * width();
    for (long part = 0; part < whole(); part++) {
      maker.make(from, bytes);
      parts.execute(source + from, to, ones);
      from += bytes;
      to += 4L * width();
    }
    if (from < 2 * rows * columns) {
      maker.make(from, 2 * rows * columns - from);
    }
    if (rest != null) {
      rest.execute(source + from, to, ones);
    }
  }

  /** Makes nothing, but reads each part in order; a single one is near as it is. */
  private Maker near(long source) {
    return (from, bytes) -> {
      if (parts != null) {
        fetched = read(source + from, bytes);
      }
    };
  }

  private static long read(long address, long bytes) {
    long sum = 0;
    for (long at = 0; at < bytes; at += LINE) {
      sum += OffHeap.getByte(address + at);
    }
    return sum;
  }
}
