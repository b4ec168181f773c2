package io.kindling.tensor;

import io.kindling.DeviceException;

/**
 * Where a tensor's memory is and its operations run.
 *
 * @param type the kind of device
 * @param index which one of its kind; 0 for the CPU
 */
public record Device(Type type, int index) {
  /** The kinds of devices. */
  public enum Type {
    CPU,
    CUDA
  }

  public static final Device CPU = new Device(Type.CPU, 0);

  public static Device cuda(int index) {
    return new Device(Type.CUDA, index);
  }

  /** Reads {@code cpu}, {@code cuda} or {@code cuda:1}. */
  public static Device parse(String name) {
    if (name.equals("cpu")) {
      return CPU;
    }
    if (name.equals("cuda")) {
      return cuda(0);
    }
    if (name.matches("cuda:[0-9]{1,4}")) {
      return cuda(Integer.parseInt(name.substring("cuda:".length())));
    }
    throw new DeviceException(
        "'" + name + "' names no device; use 'cpu', 'cuda' or 'cuda:N' with N from 0");
  }

  @Override
  public String toString() {
    return type == Type.CPU ? "cpu" : "cuda:" + index;
  }
}
