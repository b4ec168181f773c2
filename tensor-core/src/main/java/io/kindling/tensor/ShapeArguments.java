package io.kindling.tensor;

import io.kindling.ShapeException;
import java.util.Arrays;

/** Sizes as users write them. */
final class ShapeArguments {
  private ShapeArguments() {}

  /** The shape of these sizes, of which one may be -1, for so many elements. */
  static Shape filled(String operation, long numel, long[] shape) {
    long[] sizes = shape.clone();
    int open = -1;
    long product = 1;
    for (int i = 0; i < sizes.length; i++) {
      if (sizes[i] == -1 && open < 0) {
        open = i;
      } else {
        product *= sizes[i];
      }
    }
    if (open >= 0) {
      if (product <= 0 || numel % product != 0) {
        throw unfit(operation, numel, shape);
      }
      sizes[open] = numel / product;
    }
    boolean negative = Arrays.stream(sizes).anyMatch(size -> size < 0);
    Shape filled = negative ? null : Shape.of(sizes);
    if (filled == null || filled.numel() != numel) {
      throw unfit(operation, numel, shape);
    }
    return filled;
  }

  private static ShapeException unfit(String operation, long numel, long[] shape) {
    return new ShapeException(
        operation + ": " + numel + " elements cannot have the shape " + Arrays.toString(shape));
  }
}
