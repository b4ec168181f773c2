package io.kindling.bench;

import io.kindling.KindlingException;

/** A measurement that cannot be made, or must not be believed. */
public final class BenchException extends KindlingException {
  public BenchException(String message) {
    super(message);
  }

  public BenchException(String message, Throwable cause) {
    super(message, cause);
  }
}
