package io.kindling;

/**
 * The root of every exception that Kindling throws on purpose. The message names the operation,
 * what it expected, what it got and the remedy.
 */
public class KindlingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private String operation;

  public KindlingException(String message) {
    super(message);
  }

  public KindlingException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * This exception, whose message begins with the name of the operation that a person called, also
   * where a part of it refused.
   */
  public KindlingException during(String name) {
    operation = super.getMessage().startsWith(name + ":") ? null : name;
    return this;
  }

  @Override
  public String getMessage() {
    return operation == null ? super.getMessage() : operation + ": " + super.getMessage();
  }
}
