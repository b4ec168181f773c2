package io.kindling.distributed;

import io.kindling.KindlingException;

/** A collective operation that failed, on whichever member; the message names the rank. */
public class DistributedException extends KindlingException {
  private static final long serialVersionUID = 1L;

  public DistributedException(String message) {
    super(message);
  }

  public DistributedException(String message, Throwable cause) {
    super(message, cause);
  }
}
