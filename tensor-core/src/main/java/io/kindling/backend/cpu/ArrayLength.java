package io.kindling.backend.cpu;

import io.kindling.ShapeException;

/** The lengths of the Java arrays that plain-Java kernels work with. */
public final class ArrayLength {
  private ArrayLength() {}

  /**
   * The product of sizes that are not negative.
   *
   * @throws ShapeException if no array is that long
   */
  public static int of(long... sizes) {
    long product = 1;
    for (long size : sizes) {
      long high = Math.multiplyHigh(product, size);
      product *= size;
      if (high != 0 || product < 0) {
        product = Long.MAX_VALUE;
        break;
      }
    }
    if (product > Integer.MAX_VALUE - 8) {
      throw new ShapeException(
          "the plain-Java kernels take at most "
              + (Integer.MAX_VALUE - 8)
              + " elements at once, got sizes "
              + java.util.Arrays.toString(sizes)
              + "; use smaller sizes, or see that the native library loads");
    }
    return (int) product;
  }
}
