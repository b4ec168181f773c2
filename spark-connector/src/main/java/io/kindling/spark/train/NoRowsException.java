package io.kindling.spark.train;

/** All workers together have no row to learn, which each of them finds at the same time. */
final class NoRowsException extends TrainingException {
  private static final long serialVersionUID = 1L;

  NoRowsException(String message) {
    super(message);
  }
}
