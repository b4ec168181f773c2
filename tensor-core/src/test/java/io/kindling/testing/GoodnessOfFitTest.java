package io.kindling.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The expected numbers are SciPy's. */
class GoodnessOfFitTest {
  @Test
  void chiSquare() {
    assertThat(GoodnessOfFit.chiSquare(new long[] {18, 22, 30, 10}))
        .isCloseTo(0.015454827, within(1e-9));
    double[] halves = {0.5, 0.25};
    assertThat(GoodnessOfFit.chiSquare(new long[] {50, 50}, halves)).isLessThan(1e-8);
    assertThat(GoodnessOfFit.chiSquare(new long[] {7, 1}, new double[] {1, 0})).isZero();
    long[] exact = {500, 250, 125, 62, 31, 16, 8, 4, 2, 2};
    double[] powers = IntStream.rangeClosed(1, 10).mapToDouble(k -> Math.pow(2, -k)).toArray();
    assertThat(GoodnessOfFit.chiSquare(exact, powers)).isGreaterThan(0.99);
  }

  @Test
  void kolmogorovSmirnov() {
    double[] even = IntStream.range(0, 100).mapToDouble(i -> (i + 0.5) / 100).toArray();
    assertThat(GoodnessOfFit.kolmogorovSmirnov(even, x -> x)).isEqualTo(1);
    assertThat(GoodnessOfFit.kolmogorovSmirnov(even, x -> Math.pow(x, 1 / 1.2)))
        .isCloseTo(0.651294, within(0.02));
    assertThat(GoodnessOfFit.kolmogorovSmirnov(even, x -> Math.pow(x, 1 / 1.5)))
        .isCloseTo(0.016332, within(0.001));
  }

  @Test
  void incompleteGamma() {
    double[][] known = {
      {0.5, 1.9207294, 0.05000000061708755},
      {0.5, 20, 2.5396285894708634e-10},
      {3.5, 2, 0.779777408475716},
      {3.5, 30, 1.5095553022989154e-10},
      {500, 520, 0.18469114909874365},
      {500, 400, 0.9999991890618921},
      {50, 51, 0.42560514048314035},
    };
    for (double[] row : known) {
      assertThat(GoodnessOfFit.upperGamma(row[0], row[1])).isCloseTo(row[2], within(1e-9 * row[2]));
    }
    assertThat(GoodnessOfFit.normal(-1.96)).isCloseTo(0.0249979, within(1e-7));
    assertThat(GoodnessOfFit.normal(1.96)).isCloseTo(0.9750021, within(1e-7));
  }
}
