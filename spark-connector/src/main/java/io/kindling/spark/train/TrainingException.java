package io.kindling.spark.train;

import io.kindling.KindlingException;

/** A training run that cannot start or go on; the message says where it failed and what to do. */
public class TrainingException extends KindlingException {
  private static final long serialVersionUID = 1L;

  public TrainingException(String message) {
    super(message);
  }

  public TrainingException(String message, Throwable cause) {
    super(message, cause);
  }
}
