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

  /** What went wrong in the end: the first line of the innermost cause that says anything. */
  public static String reason(Throwable failure) {
    Throwable innermost = failure;
    while (innermost.getCause() != null) {
      innermost = innermost.getCause();
    }
    return innermost.getClass().getSimpleName()
        + ": "
        + String.valueOf(innermost.getMessage())
            .lines()
            .filter(line -> !line.isBlank())
            .findFirst()
            .orElse("");
  }
}
