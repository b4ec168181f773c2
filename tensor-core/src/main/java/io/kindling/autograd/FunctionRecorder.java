package io.kindling.autograd;

import io.kindling.op.ThreadState;
import io.kindling.tensor.Tensor;

/** Puts calls of a {@link Function} on the tape. */
final class FunctionRecorder {
  private FunctionRecorder() {}

  /** Makes the outputs the call's, but for those that carry no gradient. */
  static void record(Function function, FunctionContext context, Tensor[] in, Tensor[] out) {
    checkDirty(function, context);
    AutogradState[] states = new AutogradState[in.length];
    for (int i = 0; i < in.length; i++) {
      if (context.needsInputGrad(i)) {
        states[i] = in[i].state();
        if (context.dirty.contains(in[i])) {
          states[i] = states[i].snapshot(); // the variable will come from the call itself
        } else {
          states[i].retain();
        }
      }
    }
    FunctionNode node = new FunctionNode(function, context, in, states, out);
    try {
      save(context, node, in, states, out);
      Recording recording = ThreadState.current().recording;
      if (recording != null) {
        node.retain(); // a failure ends it
        recording.recorded(node);
        node.release();
      }
      for (int i = 0; i < out.length; i++) {
        if (isDifferentiable(context, out[i])) {
          own(context, node, out[i], i);
        }
      }
      context.recorded(node);
    } finally {
      node.release(); // the outputs hold it
      for (AutogradState state : states) {
        if (state != null) {
          state.release();
        }
      }
    }
  }

  private static boolean isDifferentiable(FunctionContext context, Tensor output) {
    return output.dtype().isFloatingPoint() && !context.nonDifferentiable.contains(output);
  }

  private static void own(FunctionContext context, FunctionNode node, Tensor output, int index) {
    if (context.dirty.contains(output)) {
      Recorder.rebase(output, node, index);
    } else {
      node.retain();
      output.adopt(new AutogradState(node, index));
    }
  }

  private static void checkDirty(Function function, FunctionContext context) {
    for (Tensor dirty : context.dirty) {
      Recorder.checkOverwritten(function.name(), dirty);
    }
  }

  private static void save(
      FunctionContext context,
      FunctionNode node,
      Tensor[] in,
      AutogradState[] states,
      Tensor[] out) {
    Tensor[] tensors = context.toSave;
    AutogradState[] histories = new AutogradState[tensors.length];
    int[] outputs = new int[tensors.length];
    for (int i = 0; i < tensors.length; i++) {
      outputs[i] = tensors[i] == null ? -1 : indexOf(out, tensors[i]);
      int input = tensors[i] == null ? -1 : indexOf(in, tensors[i]);
      histories[i] = outputs[i] < 0 && input >= 0 ? states[input] : null;
      if (outputs[i] >= 0 && !isDifferentiable(context, tensors[i])) {
        outputs[i] = -1;
      }
    }
    node.save(tensors, histories, outputs);
  }

  private static int indexOf(Tensor[] all, Tensor tensor) {
    for (int i = 0; i < all.length; i++) {
      if (all[i] == tensor) {
        return i;
      }
    }
    return -1;
  }
}
