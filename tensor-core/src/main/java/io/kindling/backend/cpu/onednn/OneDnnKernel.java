package io.kindling.backend.cpu.onednn;

import io.kindling.op.Op;
import io.kindling.tensor.Tensor;

/** oneDNN's way to run one kind of op. Stateless: what it makes lives in the calling thread. */
interface OneDnnKernel<O extends Op> {
  /** The op, which {@link OneDnnBackend} routes here by its class. */
  Class<O> op();

  /**
   * Whether this call may go to oneDNN: every type, rank, size and stride is checked here, since
   * native code checks nothing. What is refused runs in plain Java.
   */
  boolean supports(O op, Tensor[] inputs, Tensor[] outputs);

  /**
   * Makes the native objects for calls with these attributes, shapes, strides and types; the caller
   * keeps the result and uses it for every later call of that kind on this thread.
   *
   * @return how to run the call, or null if oneDNN has no implementation on this processor
   */
  Prepared.Call prepare(O op, Tensor[] inputs, Tensor[] outputs, Preparation preparation);
}
