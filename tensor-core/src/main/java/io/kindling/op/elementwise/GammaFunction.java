package io.kindling.op.elementwise;

/**
 * The gamma function's logarithm and its derivatives in double precision: Stirling's series for
 * large arguments (Abramowitz and Stegun 6.1.40, 6.4.11), which smaller ones are shifted to by the
 * recurrence.
 */
final class GammaFunction {
  private static final double LARGE = 16;
  // Bernoulli numbers B2, B4, ...
  private static final double[] BERNOULLI = {
    1.0 / 6, -1.0 / 30, 1.0 / 42, -1.0 / 30, 5.0 / 66, -691.0 / 2730, 7.0 / 6, -3617.0 / 510
  };

  private GammaFunction() {}

  /** {@code log |gamma(x)|}. */
  static double logarithm(double x) {
    if (Double.isInfinite(x) || (x <= 0 && x == Math.rint(x))) {
      return Double.POSITIVE_INFINITY;
    }
    if (x < 0) {
      // gamma(x) gamma(1 - x) = pi / sin(pi x); of the angle, only what is past a whole turn.
      double sine = Math.abs(Math.sin(Math.PI * (x - Math.rint(x))));
      return Math.log(Math.PI / sine) - logarithm(1 - x);
    }
    if (x == 1 || x == 2) {
      return 0;
    }
    double product = 1;
    double z = x;
    while (z < LARGE) {
      product *= z;
      z += 1;
    }
    double sum = (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI);
    double power = z;
    for (int k = 1; k <= BERNOULLI.length; k++) {
      sum += BERNOULLI[k - 1] / (2 * k * (2 * k - 1) * power);
      power *= z * z;
    }
    return sum - Math.log(product);
  }

  /** The derivative of order {@code n + 1} of {@link #logarithm}. */
  static double polygamma(int n, double x) {
    return n == 0 ? digamma(x) : n % 2 == 1 ? higher(n, x) : -higher(n, x);
  }

  private static double digamma(double x) {
    if (x == 0) {
      return Math.copySign(Double.POSITIVE_INFINITY, -x);
    }
    if (x == Double.POSITIVE_INFINITY) {
      return x;
    }
    if (x < 0) {
      if (x == Math.rint(x)) {
        return Double.NaN;
      }
      return digamma(1 - x) - Math.PI / Math.tan(Math.PI * (x - Math.rint(x)));
    }
    double shift = 0;
    double z = x;
    while (z < LARGE) {
      shift += 1 / z;
      z += 1;
    }
    double sum = Math.log(z) - 0.5 / z;
    double power = z * z;
    for (int k = 1; k <= BERNOULLI.length; k++) {
      sum -= BERNOULLI[k - 1] / (2 * k * power);
      power *= z * z;
    }
    return sum - shift;
  }

  /** {@code n! sum over k of 1 / (x + k)^(n + 1)}. */
  private static double higher(int n, double x) {
    if (Double.isNaN(x) || x == Double.NEGATIVE_INFINITY) {
      return Double.NaN;
    }
    double factorial = 1;
    for (int k = 2; k <= n; k++) {
      factorial *= k;
    }
    double sum = 0;
    double z = x;
    if (x < -LARGE) {
      return reflected(n, x, factorial);
    }
    while (z < LARGE + n) {
      sum += Math.pow(z, -n - 1);
      z += 1;
    }
    // The rest by Euler and Maclaurin.
    sum += Math.pow(z, -n) / n + 0.5 * Math.pow(z, -n - 1);
    double rising = n + 1;
    double power = Math.pow(z, -n - 2);
    double even = 2;
    for (int k = 1; k <= BERNOULLI.length; k++) {
      sum += BERNOULLI[k - 1] * rising * power / even;
      rising *= (n + 2 * k) * (double) (n + 2 * k + 1);
      even *= (2 * k + 1) * (double) (2 * k + 2);
      power /= z * z;
    }
    return factorial * sum;
  }

  /** Far below 0 a sum over the whole numbers near {@code x}, whose terms fall to both sides. */
  private static double reflected(int n, double x, double factorial) {
    double sum = 0;
    double z = x - Math.rint(x) - LARGE;
    for (int k = 0; k <= 2 * LARGE; k++) {
      sum += Math.pow(z + k, -n - 1);
    }
    return factorial * sum;
  }
}
