package io.kindling;

/** A matrix that a decomposition or solver cannot work with, as PyTorch's {@code LinAlgError}. */
public class LinAlgException extends KindlingException {
  private static final long serialVersionUID = 1L;

  public LinAlgException(String message) {
    super(message);
  }

  public LinAlgException(String message, Throwable cause) {
    super(message, cause);
  }
}
