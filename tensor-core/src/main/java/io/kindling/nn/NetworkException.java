package io.kindling.nn;

import io.kindling.KindlingException;

/** A network's description, or weights, that do not fit; the message names the layer or the key. */
public class NetworkException extends KindlingException {
  private static final long serialVersionUID = 1L;

  public NetworkException(String message) {
    super(message);
  }

  public NetworkException(String message, Throwable cause) {
    super(message, cause);
  }
}
