package io.kindling.data;

import io.kindling.KindlingException;

/** Rows that cannot become tensors: a null, a ragged list, a type without a tensor. */
public class DataException extends KindlingException {
  private static final long serialVersionUID = 1L;

  public DataException(String message) {
    super(message);
  }

  public DataException(String message, Throwable cause) {
    super(message, cause);
  }
}
