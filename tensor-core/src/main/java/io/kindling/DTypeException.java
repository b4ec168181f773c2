package io.kindling;

/** An element type that an operation does not take, or types that cannot be promoted. */
public class DTypeException extends KindlingException {
  private static final long serialVersionUID = 1L;

  public DTypeException(String message) {
    super(message);
  }

  public DTypeException(String message, Throwable cause) {
    super(message, cause);
  }
}
