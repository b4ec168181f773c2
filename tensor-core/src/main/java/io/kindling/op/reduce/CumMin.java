package io.kindling.op.reduce;

/** The smallest value of a dimension up to each place, and where it is. */
public record CumMin(int dim) implements CumExtreme {
  @Override
  public String name() {
    return "cummin";
  }

  @Override
  public boolean replaces(double value, double other) {
    return value <= other;
  }

  @Override
  public boolean replaces(long value, long other) {
    return value <= other;
  }
}
