package io.kindling.op;

import io.kindling.DTypeException;
import io.kindling.DeviceException;
import io.kindling.ShapeException;
import io.kindling.autograd.Recorder;
import io.kindling.backend.Backends;
import io.kindling.tensor.Device;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Tensor;

/**
 * The one point that every operation passes: checks, allocation, routing to a kernel and recording
 * for autograd happen here, so that an op knows of none of them and whatever concerns all ops
 * (autocast, tracing, profiling) has one place to be added.
 */
public final class Dispatch {
  private Dispatch() {}

  /** Runs an operation with one output. */
  public static Tensor run(Op op, Tensor... inputs) {
    return runAll(op, inputs)[0];
  }

  /** Runs an operation and returns its outputs, which belong to the current scope. */
  public static Tensor[] runAll(Op op, Tensor... inputs) {
    ThreadState state = ThreadState.current();
    Device device = device(op, inputs);
    Tensor[] outputs;
    if (op instanceof ViewOp view) {
      Tensor input = inputs[0];
      Layout layout = view.view(input.layout()); // may fail: nothing is retained before
      input.storage().retain();
      outputs = new Tensor[] {new Tensor(input.storage(), layout, input.dtype(), device)};
      Recorder.recordView(op, input, outputs[0]);
    } else {
      outputs = compute(state, device, op, inputs);
    }
    if (state.gradEnabled) {
      Recorder.record(op, inputs, outputs);
    }
    return outputs;
  }

  /** Allocates the outputs and runs the kernel; a failure leaves nothing behind. */
  private static Tensor[] compute(ThreadState state, Device device, Op op, Tensor[] inputs) {
    Spec[] specs = op.infer(inputs);
    Tensor[] outputs = new Tensor[specs.length];
    boolean done = false;
    try {
      for (int i = 0; i < specs.length; i++) {
        outputs[i] = Tensor.allocate(specs[i], device);
      }
      Backends.run(state, device, op, inputs, outputs);
      done = true;
      return outputs;
    } finally {
      if (!done) {
        for (Tensor output : outputs) {
          if (output != null) {
            output.close();
          }
        }
      }
    }
  }

  /**
   * Runs an operation whose first input is also its output. The target keeps its shape, type and
   * memory; its version grows.
   */
  public static Tensor runInPlace(Op op, Tensor... inputs) {
    return store(op, inputs, inputs[0], true);
  }

  /** Runs an operation into the memory of {@code out}, PyTorch's {@code out=}; no gradient. */
  public static Tensor runInto(Tensor out, Op op, Tensor... inputs) {
    Recorder.checkOut(op, inputs, out);
    return store(op, inputs, out, false);
  }

  private static Tensor store(Op op, Tensor[] inputs, Tensor target, boolean inPlace) {
    ThreadState state = ThreadState.current();
    String name = inPlace ? op.name() + "_" : op.name();
    Device device = device(op, inputs);
    if (!target.device().equals(device)) {
      throw new DeviceException(
          name + ": the result is on " + device + ", its target on " + target.device());
    }
    target.storage().checkWritable(name);
    Spec result = op.infer(inputs)[0];
    if (!result.shape().equals(target.shape())) {
      throw new ShapeException(
          name
              + ": the result has shape "
              + result.shape()
              + " and cannot be stored in a tensor of"
              + " shape "
              + target.shape());
    }
    if (!result.dtype().canCastTo(target.dtype())) {
      throw new DTypeException(
          name
              + ": a result of type "
              + result.dtype()
              + " cannot be stored in a tensor of type "
              + target.dtype()
              + "; convert it with to() first");
    }
    boolean record = state.gradEnabled && inPlace && Recorder.checkInPlace(op, inputs);
    Tensor[] read = inputs.clone();
    Tensor[] saved = inputs.clone();
    try {
      copyAliased(inputs, target, read);
      System.arraycopy(read, 0, saved, 0, read.length);
      if (record) {
        copySaved(op, inputs, target, saved);
      }
      Backends.run(state, device, op, read, new Tensor[] {target});
      target.storage().bumpVersion();
      if (record) {
        Recorder.recordInPlace(op, inputs, saved, target);
      }
    } finally {
      closeCopies(inputs, read, saved);
    }
    return target;
  }

  private static void closeCopies(Tensor[] inputs, Tensor[] read, Tensor[] saved) {
    for (int i = 0; i < inputs.length; i++) {
      if (saved[i] != inputs[i] && saved[i] != read[i]) {
        saved[i].close();
      }
      if (read[i] != inputs[i]) {
        read[i].close();
      }
    }
  }

  /** Inputs that overlap the target under another layout would be overwritten while being read. */
  private static void copyAliased(Tensor[] inputs, Tensor target, Tensor[] read) {
    for (int i = 0; i < inputs.length; i++) {
      if (inputs[i].storage() == target.storage() && !inputs[i].layout().equals(target.layout())) {
        read[i] = inputs[i].cloneForSave();
      }
    }
  }

  /** A gradient that reads an old value of the target's memory needs a copy of it. */
  private static void copySaved(Op op, Tensor[] inputs, Tensor target, Tensor[] saved) {
    boolean[] needed = Recorder.needed(inputs);
    for (int i = 0; i < inputs.length; i++) {
      if (saved[i] == inputs[i]
          && inputs[i].storage() == target.storage()
          && op.savesInput(i, needed)) {
        saved[i] = inputs[i].cloneForSave();
      }
    }
  }

  private static Device device(Op op, Tensor[] inputs) {
    if (inputs.length == 0) {
      return op.device();
    }
    Device device = inputs[0].device();
    for (int i = 1; i < inputs.length; i++) {
      Device other = inputs[i].device();
      if (!other.equals(device)) {
        // A scalar without dimensions may come from the CPU in PyTorch too; the caller moves it.
        throw new DeviceException(
            op.name()
                + ": the inputs are on different devices, "
                + device
                + " and "
                + other
                + "; move one with to()");
      }
    }
    return device;
  }
}
