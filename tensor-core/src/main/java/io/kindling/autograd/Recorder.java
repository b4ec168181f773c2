package io.kindling.autograd;

import io.kindling.AutogradException;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.op.ThreadState;
import io.kindling.op.view.AsStrided;
import io.kindling.op.view.Detach;
import io.kindling.op.view.ReplaceView;
import io.kindling.tensor.Layout;
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
  public static void record(ThreadState thread, Op op, Tensor[] inputs, Tensor[] outputs) {
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
    node.saveOutputs(outputs);
    if (thread.recording != null) {
      thread.recording.recorded(node);
    }
    boolean handedOver = false;
    for (int i = 0; i < outputs.length; i++) {
      if (op.differentiable(i, outputs[i].dtype())) {
        if (handedOver) {
          node.retain();
        }
        outputs[i].adopt(new AutogradState(node, i));
        handedOver = true;
      }
    }
  }

  /** A view remembers the tensor it looks into. */
  public static void recordView(Op op, Tensor input, Tensor view) {
    if (op instanceof Detach) {
      return; // a write through it is seen, but it has no part in the history
    }
    boolean recorded = ThreadState.current().gradEnabled;
    ViewOf of = input.viewOf();
    view.setViewOf(
        of != null
            ? of.copy(recorded)
            : new ViewOf(input.stateOrNew(), input.layout(), input.dtype(), recorded));
  }

  /**
   * Takes a view's history anew from the tensor it looks into.
   *
   * @param known what the view's history was
   */
  public static void refreshView(Tensor view, ViewOf of, AutogradState known) {
    if (known != null && known.gradFn() instanceof FunctionNode) {
      throw new AutogradException(
          "a view that "
              + known.gradFn().name()
              + " made looks into a tensor that was changed in place since, which would pass by"
              + " that function's backward; clone() in its forward, or before the change");
    }
    of.refreshed();
    AutogradState base = of.base();
    Spec whole = new Spec(of.baseLayout(), of.dtype());
    Layout part = relative(of.baseLayout(), view.layout());
    OpNode node = new OpNode(new AsStrided(part), new Spec[] {whole}, new AutogradState[] {base});
    view.adopt(new AutogradState(node, 0));
  }

  /** A view's layout counted from the first element of the tensor it looks into. */
  private static Layout relative(Layout base, Layout view) {
    return Layout.strided(view.shape(), view.strides(), view.offset() - base.offset());
  }

  /** Checks that an in-place operation may be recorded, and says whether it must be. */
  public static boolean checkInPlace(Op op, Tensor[] inputs) {
    if (!any(inputs)) {
      return false;
    }
    checkOverwritten(op.name() + "_", inputs[0]);
    return true;
  }

  /** Checks that the history of a tensor may go on with a write to it. */
  static void checkOverwritten(String name, Tensor target) {
    if (target.requiresGrad() && target.isLeaf()) {
      throw new AutogradException(
          name
              + ": a leaf that requires a gradient cannot be changed in place while"
              + " operations are recorded; do it under Autograd.noGrad()");
    }
    ViewOf of = target.viewOf();
    if (of != null) {
      checkWriteThrough(name, of);
    }
  }

  private static void checkWriteThrough(String name, ViewOf of) {
    if (of.base().requiresGrad() && of.base().gradFn() == null) {
      throw new AutogradException(
          name
              + ": a view of a leaf that requires a gradient cannot be changed in place while"
              + " operations are recorded; do it under Autograd.noGrad()");
    }
    if (!of.isRecorded()) {
      throw new AutogradException(
          name
              + ": the view was made under Autograd.noGrad() or by a Function and is changed in place"
              + " outside of it; do both inside or both outside, or clone() the view");
    }
    if (!of.baseLayout().isDense()) {
      throw new AutogradException(
          name
              + ": the view looks into a tensor with gaps or overlaps in memory ("
              + of.baseLayout()
              + "); clone() that tensor first");
    }
  }

  /** Records an operation that overwrote its first input. */
  public static void recordInPlace(
      ThreadState thread, Op op, Tensor[] inputs, Tensor[] saved, Tensor target) {
    Tensor[] outputs = {target};
    AutogradState state = target.stateOrNew();
    AutogradState before = state.snapshot();
    OpNode node;
    try {
      node = new OpNode(op, inputs, saved, outputs, needed(inputs), state, before);
    } finally {
      before.release();
    }
    node.saveOutputs(outputs);
    if (thread.recording != null) {
      thread.recording.recorded(node);
    }
    rebase(target, node, 0);
    node.release();
  }

  /** From now on the variable of an overwritten tensor comes from the node that wrote. */
  static void rebase(Tensor target, Node node, int index) {
    ViewOf of = target.viewOf();
    if (of == null) {
      target.stateOrNew().rebase(node, index);
    } else {
      writeThrough(of, target, node, index);
    }
  }

  /** Makes the write to a view part of the history of the tensor behind it. */
  private static void writeThrough(ViewOf of, Tensor view, Node written, int index) {
    AutogradState base = of.base();
    written.retain();
    AutogradState value = new AutogradState(written, index);
    Layout whole = of.baseLayout();
    Layout part = relative(whole, view.layout());
    Spec wholeSpec = new Spec(whole, of.dtype());
    OpNode replaced =
        new OpNode(
            new ReplaceView(whole.denseLike(whole.shape()), part),
            new Spec[] {wholeSpec, new Spec(part, of.dtype())},
            new AutogradState[] {base, value});
    value.release();
    base.rebase(replaced, 0);
    replaced.release();
  }
}
