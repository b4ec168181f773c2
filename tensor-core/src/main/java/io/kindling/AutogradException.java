package io.kindling;

/** A backward pass that cannot be run, or a gradient that would be wrong. */
public class AutogradException extends KindlingException {
  private static final long serialVersionUID = 1L;

  public AutogradException(String message) {
    super(message);
  }

  public AutogradException(String message, Throwable cause) {
    super(message, cause);
  }
}
