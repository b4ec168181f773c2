package io.kindling.spark.feed;

import io.kindling.data.DataException;

/** Rows or columns of a DataFrame that a network cannot be fed with. */
public class FeedException extends DataException {
  private static final long serialVersionUID = 1L;

  public FeedException(String message) {
    super(message);
  }

  public FeedException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * A row that is refused.
   *
   * @param index the row's index in its partition
   * @param found what the column holds there
   */
  static FeedException at(String column, int partition, long index, String found, String remedy) {
    return new FeedException(
        "column '"
            + column
            + "', row "
            + index
            + " of partition "
            + partition
            + ": "
            + found
            + "; "
            + remedy);
  }
}
