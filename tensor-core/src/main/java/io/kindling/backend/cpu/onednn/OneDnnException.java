package io.kindling.backend.cpu.onednn;

import io.kindling.KindlingException;

/** oneDNN refused a call that it should have taken. */
public final class OneDnnException extends KindlingException {
  private static final long serialVersionUID = 1L;

  public OneDnnException(String message) {
    super(message);
  }
}
