package io.kindling.op.reduce;

/**
 * The index, as int64, of the smallest value along a dimension: the first of equal ones, and NaN
 * counts as the smallest.
 *
 * @param dim the dimension
 * @param keepDim whether it stays with size 1
 */
public record ArgMin(int dim, boolean keepDim) implements ArgReduction {
  @Override
  public boolean before(double value, double other) {
    return value < other;
  }

  @Override
  public boolean before(long value, long other) {
    return value < other;
  }
}
