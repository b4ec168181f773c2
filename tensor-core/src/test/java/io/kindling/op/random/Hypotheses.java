package io.kindling.op.random;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;

/**
 * Tests of random numbers are tests of hypotheses. Seeds are fixed, so a test passes always or
 * never; a right generator with another seed would fail one assertion in ten thousand.
 */
final class Hypotheses {
  /** How improbable a deviation must be to be a fault. */
  static final double SIGNIFICANCE = 1e-4;

  /** How many numbers are drawn for one. */
  static final int COUNT = 100_000;

  private Hypotheses() {}

  static void accept(double probability) {
    assertThat(probability).as("probability of so large a deviation").isGreaterThan(SIGNIFICANCE);
  }

  static Tensor empty(DType dtype, long... shape) {
    return Tensor.empty(shape, dtype);
  }
}
