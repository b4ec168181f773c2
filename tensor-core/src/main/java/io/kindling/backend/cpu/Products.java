package io.kindling.backend.cpu;

/** The inner loop of matrix products and convolutions, in double precision. */
final class Products {
  private static final int BLOCK_ELEMENTS = 1 << 17;

  private Products() {}

  /** How many columns of a matrix with {@code depth} rows fit the second-level cache. */
  static int tile(long depth, long columns) {
    long fitting = BLOCK_ELEMENTS / Math.max(depth, 1);
    return (int) Math.min(Math.max(columns, 1), Math.min(Math.max(fitting, 64), Operands.LENGTH));
  }

  /**
   * {@code sums[at + i] += factors[from + k * step] * rows[k * width + i]} for all {@code i <
   * width}, for {@code k} from 0 to {@code count - 1} in this order.
   */
  static void add(
      double[] factors,
      int from,
      int step,
      int count,
      double[] rows,
      int width,
      double[] sums,
      int at) {
    int k = 0;
    // Four rows at a time: the sums are loaded and stored a quarter as often.
    for (; k + 3 < count; k += 4) {
      double a = factors[from + k * step];
      double b = factors[from + (k + 1) * step];
      double c = factors[from + (k + 2) * step];
      double d = factors[from + (k + 3) * step];
      four(a, b, c, d, rows, k * width, width, sums, at);
    }
    for (; k < count; k++) {
      one(factors[from + k * step], rows, k * width, width, sums, at);
    }
  }

  private static void four(
      double a,
      double b,
      double c,
      double d,
      double[] rows,
      int first,
      int width,
      double[] sums,
      int at) {
    int second = first + width;
    int third = second + width;
    int fourth = third + width;
    for (int i = 0; i < width; i++) {
      sums[at + i] =
          sums[at + i]
              + a * rows[first + i]
              + b * rows[second + i]
              + c * rows[third + i]
              + d * rows[fourth + i];
    }
  }

  private static void one(double a, double[] rows, int first, int width, double[] sums, int at) {
    for (int i = 0; i < width; i++) {
      sums[at + i] += a * rows[first + i];
    }
  }
}
