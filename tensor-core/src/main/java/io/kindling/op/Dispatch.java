package io.kindling.op;

import io.kindling.AutogradException;
import io.kindling.DTypeException;
import io.kindling.DeviceException;
import io.kindling.KindlingException;
import io.kindling.ShapeException;
import io.kindling.amp.Autocast;
import io.kindling.autograd.Recorder;
import io.kindling.backend.Backends;
import io.kindling.op.elementwise.Assign;
import io.kindling.op.elementwise.Copy;
import io.kindling.tensor.Device;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Tensor;
import java.util.function.Function;

/**
 * The one point that every operation passes: checks, allocation, routing to a kernel and recording
 * for autograd happen here, so that an op knows of none of them and whatever concerns all ops
 * (autocast; tracing, profiling) has one place.
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
    Autocast region = state.autocast;
    if (region == null || op.castPolicy() == CastPolicy.NONE) {
      return runAll(state, op, inputs);
    }
    Tensor[] cast = region.cast(op.name(), op.castPolicy(), inputs);
    try {
      return runAll(state, op, cast);
    } finally {
      region.release(inputs, cast);
    }
  }

  /**
   * Runs a method that is made of several operations as autocast runs a single one: its inputs are
   * cast once, by its own policy, and what it calls casts nothing.
   *
   * @param name the method's, for messages
   * @param body gets the inputs, cast where autocast is on, and returns new tensors
   * @param inputs entries may be null
   */
  public static <T> T composed(
      String name, CastPolicy policy, Function<Tensor[], T> body, Tensor... inputs) {
    ThreadState state = ThreadState.current();
    Autocast region = state.autocast;
    if (region == null) {
      return body.apply(inputs);
    }
    Tensor[] cast = region.cast(name, policy, inputs);
    state.autocast = null;
    try {
      return body.apply(cast);
    } finally {
      state.autocast = region;
      region.release(inputs, cast);
    }
  }

  private static Tensor[] runAll(ThreadState state, Op op, Tensor[] inputs) {
    Device device = device(op, inputs);
    Tensor[] outputs;
    if (op instanceof ViewOp) {
      Spec spec = infer(op, inputs)[0]; // may fail: nothing is retained before
      Tensor input = inputs[0];
      input.storage().retain();
      outputs = new Tensor[] {new Tensor(input.storage(), spec, device)};
      Recorder.recordView(op, input, outputs[0]);
    } else {
      outputs = compute(state, device, op, infer(op, inputs), inputs, null);
    }
    if (state.gradEnabled) {
      record(state, op, inputs, outputs);
    }
    return outputs;
  }

  /** A refusal leaves nothing behind. */
  private static void record(ThreadState state, Op op, Tensor[] inputs, Tensor[] outputs) {
    boolean done = false;
    try {
      Recorder.record(state, op, inputs, outputs);
      done = true;
    } finally {
      if (!done) {
        close(outputs);
      }
    }
  }

  private static void close(Tensor[] outputs) {
    for (Tensor output : outputs) {
      if (output != null) {
        output.close();
      }
    }
  }

  /** Asks the shape rule, whose refusal names the operation. */
  private static Spec[] infer(Op op, Tensor[] inputs) {
    try {
      return op.infer(inputs);
    } catch (KindlingException e) {
      throw e.during(op.name());
    }
  }

  /**
   * As {@link #runAll}, unrecorded, with the first output in the first input's memory if the kernel
   * can write it there. Nobody but the caller may hold that memory, or the output's meaning would
   * depend on the kernel; {@link GradientContext#runOver} sees to that.
   */
  public static Tensor[] runOver(Op op, Tensor... inputs) {
    ThreadState state = ThreadState.current();
    Device device = device(op, inputs);
    Spec[] specs = infer(op, inputs);
    Tensor target = inputs[0];
    if (!specs[0].equals(target.spec()) || !mayWriteTo(target, op, specs[0], inputs)) {
      return compute(state, device, op, specs, inputs, null);
    }
    Tensor[] outputs = compute(state, device, op, specs, inputs, target);
    target.storage().bumpVersion();
    return outputs;
  }

  /**
   * Allocates the outputs and runs the kernel; a failure leaves nothing behind.
   *
   * @param target has the memory of the first output; or null
   */
  private static Tensor[] compute(
      ThreadState state, Device device, Op op, Spec[] specs, Tensor[] inputs, Tensor target) {
    Tensor[] outputs = new Tensor[specs.length];
    boolean done = false;
    try {
      for (int i = 0; i < specs.length; i++) {
        boolean over = i == 0 && target != null;
        outputs[i] = over ? target.alias() : Tensor.allocate(specs[i], device);
      }
      Backends.run(state, device, op, inputs, outputs);
      done = true;
      return outputs;
    } catch (KindlingException e) {
      throw e.during(op.name());
    } finally {
      if (!done) {
        close(outputs);
      }
    }
  }

  /**
   * Runs an operation whose first input is also its output. The target keeps its shape, type and
   * memory; its version grows.
   */
  public static Tensor runInPlace(Op op, Tensor... inputs) {
    if (inputs.length == 0) {
      Op.checkCount(name(op), inputs, 1, Integer.MAX_VALUE);
    }
    Tensor target = inputs[0];
    ThreadState state = ThreadState.current();
    Device device = device(op, inputs);
    if (target.storage().isReadOnly()) {
      target.storage().checkWritable(name(op));
    }
    if (target.storage().isInference() && !state.inference) {
      throw new AutogradException(
          name(op)
              + ": a tensor that was made in inference mode cannot be changed outside of it;"
              + " clone() it first");
    }
    Spec[] results = infer(op, inputs);
    checkTarget(op, inputs, results, target);
    boolean record = state.gradEnabled && Recorder.checkInPlace(op, inputs);
    Tensor[] saved = record ? inputs.clone() : inputs;
    try {
      if (record) {
        copySaved(op, inputs, target, saved);
      }
      if (mayWriteTo(target, op, results[0], inputs)) {
        Backends.run(state, device, op, inputs, new Tensor[] {target});
      } else {
        try (Tensor fresh = compute(state, device, op, results, inputs, null)[0]) {
          Op assign = new Assign();
          Backends.run(state, device, assign, new Tensor[] {target, fresh}, new Tensor[] {target});
        }
      }
      target.storage().bumpVersion();
      if (record) {
        Recorder.recordInPlace(state, op, inputs, saved, target);
      }
    } catch (KindlingException e) {
      throw e.during(op.name());
    } finally {
      for (int i = 0; i < inputs.length; i++) {
        if (saved[i] != inputs[i]) {
          saved[i].close();
        }
      }
    }
    return target;
  }

  private static String name(Op op) {
    return op.name() + "_";
  }

  private static void checkTarget(Op op, Tensor[] inputs, Spec[] results, Tensor target) {
    if (results.length != 1 || op instanceof ViewOp) {
      throw new KindlingException(
          name(op)
              + ": only one newly computed result can be stored in a given tensor, and this"
              + " operation has "
              + (results.length == 1 ? "a view" : results.length + " results")
              + "; run it with Dispatch.runAll and copy_() what you need");
    }
    Spec result = results[0];
    if (!result.shape().equals(target.shape())) {
      throw new ShapeException(
          name(op)
              + ": the result has shape "
              + result.shape()
              + " and cannot be stored in a tensor of"
              + " shape "
              + target.shape());
    }
    if (!result.dtype().canCastTo(target.dtype())) {
      throw new DTypeException(
          name(op)
              + ": a result of type "
              + result.dtype()
              + " cannot be stored in a tensor of type "
              + target.dtype()
              + "; convert it with to() first");
    }
    // The same value may be written as often as one likes, but its history would be ambiguous.
    boolean constant = op instanceof Assign && inputs[1].numel() == 1 && !target.requiresGrad();
    if (target.layout().mayOverlap() && !constant) {
      throw new ShapeException(
          name(op)
              + ": more than one element of the target ("
              + target.layout()
              + ") refers to a single memory location; clone() it first");
    }
  }

  /**
   * Whether the kernel can write to the target itself. Otherwise its result is computed elsewhere
   * and then copied: an input that overlaps the target in memory would be overwritten while it is
   * being read, and most kernels know only the layout and type that they inferred.
   */
  private static boolean mayWriteTo(Tensor target, Op op, Spec result, Tensor[] inputs) {
    boolean inPlace = op.runsInPlace();
    if (!inPlace
        && (target.dtype() != result.dtype() || !target.layout().sameOrder(result.layout()))) {
      return false;
    }
    for (Tensor input : inputs) {
      boolean same = input.dtype() == target.dtype() && input.layout().equals(target.layout());
      if (overlap(input, target) && !(inPlace && same)) {
        return false;
      }
    }
    return true;
  }

  /** Whether the ranges of memory from first to last element meet. */
  private static boolean overlap(Tensor a, Tensor b) {
    return a.numel() > 0 && b.numel() > 0 && a.address() < end(b) && b.address() < end(a);
  }

  private static long end(Tensor tensor) {
    return tensor.storage().address() + tensor.layout().end() * tensor.dtype().bytes();
  }

  /** A gradient that reads an old value of the target's memory needs a copy of it. */
  private static void copySaved(Op op, Tensor[] inputs, Tensor target, Tensor[] saved) {
    boolean[] needed = Recorder.needed(inputs);
    for (int i = 0; i < inputs.length; i++) {
      if (inputs[i].storage() == target.storage() && op.savesInput(i, needed)) {
        saved[i] = copy(inputs[i]);
      }
    }
  }

  /** The present values, without a past. */
  private static Tensor copy(Tensor tensor) {
    Layout dense = tensor.layout().denseLike(tensor.shape());
    Tensor copy = Tensor.allocate(new Spec(dense, tensor.dtype()), tensor.device());
    Op values = new Copy(tensor.dtype(), null);
    Tensor[] outputs = {copy};
    Backends.run(ThreadState.current(), tensor.device(), values, new Tensor[] {tensor}, outputs);
    return copy;
  }

  private static Device device(Op op, Tensor[] inputs) {
    if (inputs.length == 0) {
      return op.device();
    }
    Device device = inputs[0].device();
    for (int i = 1; i < inputs.length; i++) {
      Device other = inputs[i].device();
      if (other != device && !other.equals(device)) {
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
