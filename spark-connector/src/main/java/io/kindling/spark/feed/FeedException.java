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
}
