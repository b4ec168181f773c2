package io.kindling;

/** A file or message that is not what it claims to be. */
public class FormatException extends KindlingException {
  private static final long serialVersionUID = 1L;

  public FormatException(String message) {
    super(message);
  }

  public FormatException(String message, Throwable cause) {
    super(message, cause);
  }
}
