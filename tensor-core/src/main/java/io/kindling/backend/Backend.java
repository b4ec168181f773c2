package io.kindling.backend;

import io.kindling.memory.Allocator;
import io.kindling.op.Op;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import io.kindling.tensor.Tensor;

/** Kernels for one kind of device. Found through {@link java.util.ServiceLoader}; thread-safe. */
public interface Backend {
  /** A short name for messages and {@code info}: {@code java}, {@code onednn}. */
  String name();

  Device.Type device();

  /** Backends of a device are asked from the highest priority down. */
  int priority();

  /**
   * Why this backend cannot be used on this machine, in a sentence with the remedy, or null if it
   * can. Called once; a backend that loads native code does so here and never throws.
   */
  String unavailable();

  /** What is in use (version, instruction set), for {@code info}. */
  String description();

  /** Whether products of matrices of this type are at least as fast here as float32's. */
  default boolean isFast(DType dtype) {
    return dtype == DType.FLOAT32;
  }

  /** The device's memory, or null if another backend of the device provides it. */
  Allocator allocator();

  /**
   * The kernel for a call, or null if this backend has none for this op, these types or these
   * layouts. Inputs and outputs have been checked by the op's shape rule.
   */
  Kernel kernel(Op op, Tensor[] inputs, Tensor[] outputs);

  /** Runs one operation: writes every element of the outputs. */
  @FunctionalInterface
  interface Kernel {
    void run(Op op, Tensor[] inputs, Tensor[] outputs);
  }
}
