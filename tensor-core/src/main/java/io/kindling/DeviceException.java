package io.kindling;

/** A device that is absent, or tensors on different devices. */
public class DeviceException extends KindlingException {
  private static final long serialVersionUID = 1L;

  public DeviceException(String message) {
    super(message);
  }

  public DeviceException(String message, Throwable cause) {
    super(message, cause);
  }
}
