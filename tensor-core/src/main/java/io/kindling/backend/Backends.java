package io.kindling.backend;

import io.kindling.DeviceException;
import io.kindling.memory.Allocator;
import io.kindling.op.Op;
import io.kindling.op.ThreadState;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import io.kindling.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The backends of this machine, looked up once. */
public final class Backends {
  private static final Logger LOG = LoggerFactory.getLogger(Backends.class);
  private static final Map<Device.Type, Backend[]> BY_DEVICE = new EnumMap<>(Device.Type.class);
  private static final Map<Device.Type, Allocator> ALLOCATORS = new EnumMap<>(Device.Type.class);
  private static final List<String> UNAVAILABLE = new ArrayList<>();

  static {
    Map<Device.Type, List<Backend>> found = new EnumMap<>(Device.Type.class);
    for (Backend backend : ServiceLoader.load(Backend.class, Backends.class.getClassLoader())) {
      String reason = backend.unavailable();
      if (reason == null) {
        found.computeIfAbsent(backend.device(), device -> new ArrayList<>()).add(backend);
      } else {
        UNAVAILABLE.add(backend.name() + ": " + reason);
        LOG.warn("backend {} is not used: {}", backend.name(), reason);
      }
    }
    found.forEach(
        (device, backends) -> {
          backends.sort(Comparator.comparingInt(Backend::priority).reversed());
          BY_DEVICE.put(device, backends.toArray(new Backend[0]));
          for (Backend backend : backends) {
            if (backend.allocator() != null) {
              ALLOCATORS.putIfAbsent(device, backend.allocator());
            }
          }
        });
  }

  private Backends() {}

  /** The backends of a device, first asked first. */
  public static List<Backend> of(Device.Type device) {
    return List.of(BY_DEVICE.getOrDefault(device, new Backend[0]));
  }

  /** Why backends that were found are not used, a sentence each. */
  public static List<String> unavailable() {
    return List.copyOf(UNAVAILABLE);
  }

  /** Whether products of matrices of this type are at least as fast as float32's. */
  public static boolean isFast(Device.Type device, DType dtype) {
    return of(device).stream().anyMatch(backend -> backend.isFast(dtype));
  }

  /** The memory of a device. */
  public static Allocator allocator(Device device) {
    Allocator allocator = ALLOCATORS.get(device.type());
    if (allocator == null) {
      throw absent(device);
    }
    return allocator;
  }

  /** Routes a call to the first backend that has a kernel for it, and runs it. */
  public static void run(
      ThreadState state, Device device, Op op, Tensor[] inputs, Tensor[] outputs) {
    if (state.onlyBackend != null) {
      Backend.Kernel kernel = state.onlyBackend.kernel(op, inputs, outputs);
      if (kernel != null) {
        kernel.run(op, inputs, outputs);
        return;
      }
    }
    Backend[] backends = BY_DEVICE.get(device.type());
    if (backends == null) {
      throw absent(device);
    }
    for (Backend backend : backends) {
      Backend.Kernel kernel = backend.kernel(op, inputs, outputs);
      if (kernel != null) {
        kernel.run(op, inputs, outputs);
        return;
      }
    }
    throw new DeviceException(
        op.name() + " has no kernel on " + device + " for these inputs; move them to the CPU");
  }

  /**
   * Runs {@code body} with one backend preferred to all others on this thread, as tests and
   * benchmarks do to compare kernels. What it has no kernel for is routed as usual.
   */
  public static <T> T only(Backend backend, Supplier<T> body) {
    ThreadState state = ThreadState.current();
    Backend before = state.onlyBackend;
    state.onlyBackend = backend;
    try {
      return body.get();
    } finally {
      state.onlyBackend = before;
    }
  }

  private static DeviceException absent(Device device) {
    return new DeviceException(
        "there is no backend for "
            + device
            + " on this machine"
            + (UNAVAILABLE.isEmpty() ? "" : " (" + String.join("; ", UNAVAILABLE) + ")")
            + "; use device 'cpu'");
  }
}
