package io.kindling;

/**
 * The root of every exception that Kindling throws on purpose. The message names the operation,
 * what it expected, what it got and the remedy.
 */
public class KindlingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public KindlingException(String message) {
    super(message);
  }

  public KindlingException(String message, Throwable cause) {
    super(message, cause);
  }
}
