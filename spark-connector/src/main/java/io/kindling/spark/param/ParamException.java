package io.kindling.spark.param;

import io.kindling.KindlingException;

/** A param, or a column that a param names, that does not fit; the message names it. */
public class ParamException extends KindlingException {
  private static final long serialVersionUID = 1L;

  public ParamException(String message) {
    super(message);
  }

  public ParamException(String message, Throwable cause) {
    super(message, cause);
  }
}
