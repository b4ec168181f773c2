package io.kindling.spark.feed;

/** A row that no network can be fed with, however often it is read. */
public final class RefusedRowException extends FeedException {
  private static final long serialVersionUID = 1L;

  private RefusedRowException(String message) {
    super(message);
  }

  /**
   * The refusal of a row.
   *
   * @param index the row's index in its partition
   * @param found what the column holds there
   */
  static RefusedRowException at(
      String column, int partition, long index, String found, String remedy) {
    return new RefusedRowException(
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
