package io.kindling.op.elementwise;

/**
 * The error function in double precision, from its series near 0 and its continued fraction
 * elsewhere (Abramowitz and Stegun 7.1.6 and 7.1.14).
 */
final class ErrorFunction {
  private static final double SERIES_UP_TO = 2.5;
  private static final double ONE_FROM = 6;
  private static final int DEPTH = 60;

  private ErrorFunction() {}

  static double erf(double x) {
    double a = Math.abs(x);
    if (a < SERIES_UP_TO) {
      return series(x);
    }
    if (Double.isNaN(x)) {
      return x;
    }
    return Math.copySign(a >= ONE_FROM ? 1 : 1 - complement(a), x);
  }

  /** The inverse: a close guess (Winitzki 2008), then Halley's steps. */
  static double inverse(double y) {
    double rest = (1 - y) * (1 + y);
    if (!(rest > 0)) {
      return rest == 0 ? Math.copySign(Double.POSITIVE_INFINITY, y) : Double.NaN;
    }
    double logarithm = Math.log(rest);
    double half = 2 / (Math.PI * 0.147) + logarithm / 2;
    double x = Math.copySign(Math.sqrt(Math.sqrt(half * half - logarithm / 0.147) - half), y);
    for (int i = 0; i < 3; i++) {
      double step = (erf(x) - y) / (2 / Math.sqrt(Math.PI) * Math.exp(-x * x));
      x -= step / (1 + x * step);
    }
    return x;
  }

  /** {@code 2/sqrt(pi) e^-x^2 sum(2^n x^(2n+1) / (1 3 5 ... (2n+1)))}: no term cancels another. */
  private static double series(double x) {
    double term = x;
    double sum = x;
    for (int n = 1; Math.abs(term) > Math.abs(sum) * 1e-17; n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
  }

  /** {@code erfc(x) = e^-x^2/sqrt(pi) / (x + (1/2)/(x + 1/(x + (3/2)/(x + ...))))}. */
  private static double complement(double x) {
    double fraction = x;
    for (int n = DEPTH; n > 0; n--) {
      fraction = x + n / 2.0 / fraction;
    }
    return Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction);
  }
}
