package io.kindling.testing;

import io.kindling.backend.Backend;
import io.kindling.memory.Allocator;
import io.kindling.op.Op;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import io.kindling.tensor.Tensor;

/** A backend whose kernels somebody looks at, and may replace, as they are handed out. */
public record ObservedBackend(Backend backend, Observer observer) implements Backend {
  /** Looks at a kernel. */
  @FunctionalInterface
  public interface Observer {
    /**
     * @param kernel null if the backend has none for the call
     * @return what runs
     */
    Kernel found(Kernel kernel, Op op, Tensor[] inputs);
  }

  @Override
  public Kernel kernel(Op op, Tensor[] inputs, Tensor[] outputs) {
    return observer.found(backend.kernel(op, inputs, outputs), op, inputs);
  }

  @Override
  public String name() {
    return backend.name();
  }

  @Override
  public Device.Type device() {
    return backend.device();
  }

  @Override
  public int priority() {
    return backend.priority();
  }

  @Override
  public String unavailable() {
    return backend.unavailable();
  }

  @Override
  public String description() {
    return backend.description();
  }

  @Override
  public boolean isFast(DType dtype) {
    return backend.isFast(dtype);
  }

  @Override
  public Allocator allocator() {
    return backend.allocator();
  }
}
