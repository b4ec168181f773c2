package io.kindling;

/** Off-heap memory that ran out, was closed too early, or is read-only. */
public class MemoryException extends KindlingException {
  private static final long serialVersionUID = 1L;

  public MemoryException(String message) {
    super(message);
  }

  public MemoryException(String message, Throwable cause) {
    super(message, cause);
  }
}
