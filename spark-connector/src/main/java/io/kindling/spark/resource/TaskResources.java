package io.kindling.spark.resource;

import io.kindling.DeviceException;
import io.kindling.backend.Backends;
import io.kindling.op.ThreadState;
import io.kindling.tensor.Device;
import org.apache.spark.TaskContext;

/** What a task may use. */
public final class TaskResources {
  private TaskResources() {}

  /**
   * Runs kernels of this thread on as many cores as Spark gave the task, until the result is
   * closed.
   */
  public static Threads useThreads(TaskContext context) {
    ThreadState state = ThreadState.current();
    int before = state.threads;
    state.threads = context.cpus();
    return () -> state.threads = before;
  }

  /** The task's threads; closing gives the thread back as it was. */
  @FunctionalInterface
  public interface Threads extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * The device that {@code name} means here.
   *
   * @param name {@code auto}, {@code cpu} or {@code cuda}
   * @throws DeviceException if it is {@code cuda} and this machine has none
   */
  public static Device device(String name) {
    boolean hasCuda = !Backends.of(Device.Type.CUDA).isEmpty();
    switch (name) {
      case "cpu":
        return Device.CPU;
      case "auto":
        return hasCuda ? Device.cuda(0) : Device.CPU;
      case "cuda":
        if (hasCuda) {
          return Device.cuda(0);
        }
        throw new DeviceException(
            "device 'cuda' was asked for, but this machine has no usable GPU"
                + (Backends.unavailable().isEmpty()
                    ? ""
                    : " (" + String.join("; ", Backends.unavailable()) + ")")
                + "; set device to 'auto' or 'cpu'");
      default:
        throw new DeviceException("'" + name + "' is no device; use 'auto', 'cpu' or 'cuda'");
    }
  }
}
