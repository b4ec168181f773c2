package io.kindling.testing;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * Tests of hypotheses: how probable it is that numbers of the stated distribution deviate from it
 * at least as much as these do. A right generator gives values spread evenly from 0 to 1, a wrong
 * one values near 0.
 */
public final class GoodnessOfFit {
  /** Cells in which fewer are expected are put together; below, chi-square is no approximation. */
  private static final double FEWEST = 5;

  private GoodnessOfFit() {}

  /**
   * The test of Kolmogorov and Smirnov, with Stephens's approximation for finite samples.
   *
   * @param cdf the distribution function, continuous
   */
  public static double kolmogorovSmirnov(double[] sample, DoubleUnaryOperator cdf) {
    double[] sorted = sample.clone();
    Arrays.sort(sorted);
    double n = sorted.length;
    double largest = 0;
    for (int i = 0; i < sorted.length; i++) {
      double at = cdf.applyAsDouble(sorted[i]);
      largest = Math.max(largest, Math.max(at - i / n, (i + 1) / n - at));
    }
    double t = (Math.sqrt(n) + 0.12 + 0.11 / Math.sqrt(n)) * largest;
    if (t < 0.3) {
      return 1; // where the series converges slowly it is 1 to 8 digits
    }
    double sum = 0;
    for (int k = 1; k <= 50; k++) {
      sum += (k % 2 == 1 ? 2 : -2) * Math.exp(-2 * k * k * t * t);
    }
    return sum;
  }

  /**
   * Pearson's chi-square test of counts.
   *
   * @param probabilities of the cells; what they lack to 1 is a last cell that nothing fell into
   */
  public static double chiSquare(long[] counts, double[] probabilities) {
    double total = Arrays.stream(counts).sum();
    double statistic = 0;
    int cells = 0;
    double observed = 0;
    double expected = 0;
    double left = total;
    for (int i = 0; i <= counts.length; i++) {
      boolean rest = i == counts.length;
      observed += rest ? 0 : counts[i];
      double here =
          rest ? total * (1 - Arrays.stream(probabilities).sum()) : total * probabilities[i];
      if (!rest && probabilities[i] == 0 && counts[i] > 0) {
        return 0;
      }
      expected += here;
      left -= here;
      if ((expected >= FEWEST && left >= FEWEST) || rest) {
        statistic += expected < 1e-9 * total ? 0 : square(observed - expected) / expected;
        cells += expected < 1e-9 * total ? 0 : 1;
        observed = 0;
        expected = 0;
      }
    }
    return upperGamma((cells - 1) / 2.0, statistic / 2);
  }

  /** As {@link #chiSquare(long[], double[])}, of cells that are equally probable. */
  public static double chiSquare(long[] counts) {
    double[] probabilities = new double[counts.length];
    Arrays.fill(probabilities, 1.0 / counts.length);
    return chiSquare(counts, probabilities);
  }

  /** The standard normal distribution's function. */
  public static double normal(double x) {
    double tail = upperGamma(0.5, x * x / 2) / 2;
    return x < 0 ? tail : 1 - tail;
  }

  /** How probable it is that a standard normal number is at least as far from 0. */
  public static double normalDeviation(double x) {
    return upperGamma(0.5, x * x / 2);
  }

  /** The regularised upper incomplete gamma function: its series, or its continued fraction. */
  static double upperGamma(double a, double x) {
    if (x <= 0) {
      return 1;
    }
    double scale = Math.exp(a * Math.log(x) - x - logGamma(a));
    if (x < a + 1) {
      double term = 1 / a;
      double sum = term;
      for (int n = 1; term > 1e-17 * sum; n++) {
        term *= x / (a + n);
        sum += term;
      }
      return 1 - scale * sum;
    }
    double fraction = 0;
    for (int n = 200 + (int) (10 * Math.sqrt(a)); n > 0; n--) {
      fraction = n * (n - a) / (x + 2 * n + 1 - a - fraction);
    }
    return scale / (x + 1 - a - fraction);
  }

  private static double logGamma(double a) {
    double shift = 0;
    while (a < 15) {
      shift += Math.log(a++);
    }
    double inverse = 1 / a;
    double series = inverse / 12 - Math.pow(inverse, 3) / 360 + Math.pow(inverse, 5) / 1260;
    return (a - 0.5) * Math.log(a) - a + Math.log(2 * Math.PI) / 2 + series - shift;
  }

  private static double square(double x) {
    return x * x;
  }
}
