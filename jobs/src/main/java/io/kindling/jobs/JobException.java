package io.kindling.jobs;

import io.kindling.KindlingException;

/** A job that was asked for something it cannot do; the message says what and the remedy. */
public class JobException extends KindlingException {
  private static final long serialVersionUID = 1L;

  public JobException(String message) {
    super(message);
  }

  public JobException(String message, Throwable cause) {
    super(message, cause);
  }
}
