package io.kindling.backend.cpu.onednn;

import io.kindling.backend.Backend;
import io.kindling.op.Op;
import io.kindling.tensor.Tensor;
import java.util.List;

/** What a thread keeps for one kind of call: native objects and the way to use them. */
final class Prepared implements Backend.Kernel {
  /** Runs the call on tensors of the shapes, strides and types it was prepared for. */
  @FunctionalInterface
  interface Call {
    void run(Tensor[] inputs, Tensor[] outputs);
  }

  private final Call call;
  private final List<Primitive> primitives;

  /**
   * @param call null if oneDNN has no implementation
   */
  Prepared(Call call, List<Primitive> primitives) {
    this.call = call;
    this.primitives = primitives;
  }

  boolean isImplemented() {
    return call != null;
  }

  @Override
  public void run(Op op, Tensor[] inputs, Tensor[] outputs) {
    call.run(inputs, outputs);
  }

  /** Destroys the native objects; nothing may be running. */
  void release() {
    primitives.forEach(Primitive::release);
  }
}
