package io.kindling.autograd;

import io.kindling.AutogradException;
import io.kindling.op.Op;
import io.kindling.tensor.Tensor;

/** Puts operations on the tape. Called by dispatch only. */
public final class Recorder {
  private Recorder() {}

  /** Which inputs want a gradient. */
  public static boolean[] needed(Tensor[] inputs) {
    boolean[] needed = new boolean[inputs.length];
    for (int i = 0; i < inputs.length; i++) {
      needed[i] = inputs[i].requiresGrad();
    }
    return needed;
  }

  private static boolean any(Tensor[] inputs) {
    for (Tensor input : inputs) {
      if (input.requiresGrad()) {
        return true;
      }
    }
    return false;
  }

  /** Records an operation if an input requires a gradient and an output can carry one. */
  public static void record(Op op, Tensor[] inputs, Tensor[] outputs) {
    if (!any(inputs)) {
      return;
    }
    boolean carried = false;
    for (int i = 0; i < outputs.length; i++) {
      carried |= op.differentiable(i, outputs[i].dtype());
    }
    if (!carried) {
      return;
    }
    OpNode node = new OpNode(op, inputs, inputs, outputs, needed(inputs), null, null);
    for (int i = 0; i < outputs.length; i++) {
      if (op.differentiable(i, outputs[i].dtype())) {
        AutogradState state = new AutogradState(node, i);
        outputs[i].share(state);
        state.release();
      }
    }
    node.saveOutputs(outputs);
    node.release();
  }

  /** A view remembers the tensor it looks into. */
  public static void recordView(Tensor input, Tensor view) {
    view.markView(input);
  }

  /** Checks that an in-place operation may be recorded, and says whether it must be. */
  public static boolean checkInPlace(Op op, Tensor[] inputs) {
    Tensor target = inputs[0];
    if (!any(inputs)) {
      return false;
    }
    if (target.requiresGrad() && target.isLeaf()) {
      throw new AutogradException(
          op.name()
              + "_: a leaf that requires a gradient cannot be changed in place while"
              + " operations are recorded; do it under Autograd.noGrad()");
    }
    if (target.isView()) {
      throw new AutogradException(
          op.name()
              + "_: a view cannot be changed in place while its gradient is recorded; change"
              + " the tensor it looks into, or use the operation without the trailing underscore");
    }
    return true;
  }

  /** A recorded operation must not write into a tensor that is given. */
  public static void checkOut(Op op, Tensor[] inputs, Tensor out) {
    if (io.kindling.op.ThreadState.current().gradEnabled && (any(inputs) || out.requiresGrad())) {
      throw new AutogradException(
          op.name()
              + ": a result written into a given tensor has no gradient; use the form that"
              + " returns a new tensor, or run it under Autograd.noGrad()");
    }
  }

  /** Records an operation that overwrote its first input. */
  public static void recordInPlace(Op op, Tensor[] inputs, Tensor[] saved, Tensor target) {
    Tensor[] outputs = {target};
    AutogradState state = target.stateOrNew();
    AutogradState before = state.snapshot();
    OpNode node = new OpNode(op, inputs, saved, outputs, needed(inputs), state, before);
    before.release();
    state.rebase(node, 0);
    node.saveOutputs(outputs);
    node.release();
  }
}
