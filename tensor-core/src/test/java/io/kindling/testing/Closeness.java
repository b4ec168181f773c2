package io.kindling.testing;

import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;

/**
 * How far from the exact value a result may be: some units of its type's precision, relative to the
 * value and to the largest value beside it, whose rounding a sum passes on.
 */
public record Closeness(double relative) {
  /** What a chain of a few operations and sums of some hundred terms lose in a type. */
  public static Closeness of(DType dtype) {
    return switch (dtype) {
      case FLOAT64 -> new Closeness(1e-12);
      case FLOAT32 -> new Closeness(1e-6);
      case FLOAT16 -> new Closeness(4e-3);
      case BFLOAT16 -> new Closeness(3e-2);
      case INT64, INT32, INT16, INT8, UINT8, BOOL -> new Closeness(0);
    };
  }

  public void check(String what, Tensor actual, Tensor expected) {
    check(what, actual, Values.of(expected));
  }

  /** Fails where shapes differ or a value is too far off; NaN equals NaN. */
  public void check(String what, Tensor actual, Values expected) {
    check(what, actual, expected, 0);
  }

  /**
   * As {@link #check(String, Tensor, Values)}.
   *
   * @param scale the size of the terms of which a value is the sum, where they may cancel
   */
  public void check(String what, Tensor actual, Values expected, double scale) {
    if (!actual.shape().equals(expected.shape())) {
      throw new AssertionError(
          what + ": shape " + actual.shape() + ", expected " + expected.shape());
    }
    if (!expected.dtype().isFloatingPoint()) {
      long[] found = actual.toLongArray();
      for (int i = 0; i < found.length; i++) {
        if (found[i] != expected.longs()[i]) {
          throw off(what, i, found[i], expected.longs()[i]);
        }
      }
      return;
    }
    double[] found = actual.toDoubleArray();
    double largest = scale;
    for (double value : expected.doubles()) {
      largest = Double.isFinite(value) ? Math.max(largest, Math.abs(value)) : largest;
    }
    for (int i = 0; i < found.length; i++) {
      double want = expected.doubles()[i];
      boolean same = Double.compare(found[i], want) == 0 || found[i] == want;
      if (!same && !(Math.abs(found[i] - want) <= relative * (Math.abs(want) + largest))) {
        throw off(what, i, found[i], want);
      }
    }
  }

  private static AssertionError off(String what, int i, Object found, Object expected) {
    return new AssertionError(what + ": element " + i + " is " + found + ", expected " + expected);
  }
}
