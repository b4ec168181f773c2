package io.kindling;

/** Shapes, dimensions or indices that do not fit an operation. */
public class ShapeException extends KindlingException {
  private static final long serialVersionUID = 1L;

  public ShapeException(String message) {
    super(message);
  }

  public ShapeException(String message, Throwable cause) {
    super(message, cause);
  }
}
