package io.kindling.nn;

import io.kindling.backend.Backend;
import io.kindling.memory.Allocator;
import io.kindling.op.Op;
import io.kindling.tensor.Device;
import io.kindling.tensor.Tensor;

/**
 * Takes every call and calculates nothing, so that a forward pass tells what it would do: which
 * operations, on what shapes and types.
 */
class NoKernels implements Backend {
  @Override
  public String name() {
    return "none";
  }

  @Override
  public Device.Type device() {
    return Device.Type.CPU;
  }

  @Override
  public int priority() {
    return 0;
  }

  @Override
  public String unavailable() {
    return null;
  }

  @Override
  public String description() {
    return "calculates nothing";
  }

  @Override
  public Allocator allocator() {
    return null;
  }

  @Override
  public Kernel kernel(Op op, Tensor[] inputs, Tensor[] outputs) {
    return (same, in, out) -> {};
  }
}
