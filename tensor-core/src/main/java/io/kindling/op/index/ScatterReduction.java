package io.kindling.op.index;

/** What {@link ScatterReduce} makes of the values that come to one place. */
public enum ScatterReduction {
  SUM,
  PROD,
  AMAX,
  AMIN;

  double combine(double a, double b) {
    return switch (this) {
      case SUM -> a + b;
      case PROD -> a * b;
      case AMAX -> Math.max(a, b);
      case AMIN -> Math.min(a, b);
    };
  }

  long combine(long a, long b) {
    return switch (this) {
      case SUM -> a + b;
      case PROD -> a * b;
      case AMAX -> Math.max(a, b);
      case AMIN -> Math.min(a, b);
    };
  }
}
