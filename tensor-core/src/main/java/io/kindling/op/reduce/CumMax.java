package io.kindling.op.reduce;

/** The largest value of a dimension up to each place, and where it is. */
public record CumMax(int dim) implements CumExtreme {
  @Override
  public String name() {
    return "cummax";
  }

  @Override
  public boolean replaces(double value, double other) {
    return value >= other;
  }

  @Override
  public boolean replaces(long value, long other) {
    return value >= other;
  }
}
