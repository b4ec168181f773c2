package io.kindling.autograd;

import io.kindling.AutogradException;
import io.kindling.KindlingException;
import io.kindling.op.Dispatch;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.Tensor;

/** The trace of one {@link Op}. */
final class OpNode extends Node implements GradientContext {
  private final Op op;
  private final Edge[] next;
  private final Spec[] inputSpecs;
  private final int outputs;
  private SavedTensor[] savedInputs;
  private SavedTensor[] savedOutputs;
  private boolean savedReleased;
  private boolean createGraph;

  /**
   * @param saved the inputs to save, which differ from {@code inputs} where an in-place op
   *     overwrote one
   */
  OpNode(
      Op op,
      Tensor[] inputs,
      Tensor[] saved,
      Tensor[] outputs,
      boolean[] needed,
      AutogradState overwritten,
      AutogradState before) {
    this.op = op;
    this.next = new Edge[inputs.length];
    this.inputSpecs = new Spec[inputs.length];
    this.outputs = outputs.length;
    try {
      connect(inputs, saved, needed, overwritten, before);
    } catch (KindlingException e) {
      end();
      throw e.during(op.name());
    }
  }

  private void connect(
      Tensor[] inputs,
      Tensor[] saved,
      boolean[] needed,
      AutogradState overwritten,
      AutogradState before) {
    for (int i = 0; i < inputs.length; i++) {
      inputSpecs[i] = inputs[i].spec();
      AutogradState state = inputs[i].state();
      if (overwritten != null && state == overwritten) {
        state = before;
      }
      if (needed[i]) {
        next[i] = Edge.to(state);
      }
      if (op.savesInput(i, needed)) {
        if (savedInputs == null) {
          savedInputs = new SavedTensor[inputs.length];
        }
        savedInputs[i] = new SavedTensor(saved[i], state);
      }
    }
  }

  /**
   * An operation that saves nothing, on variables of which there may be no handle.
   *
   * @param states the inputs' variables; null, or one that requires no gradient, where nothing
   *     flows
   */
  OpNode(Op op, Spec[] inputs, AutogradState[] states) {
    this.op = op;
    this.next = new Edge[inputs.length];
    this.inputSpecs = inputs;
    this.outputs = 1;
    for (int i = 0; i < inputs.length; i++) {
      if (states[i] != null && states[i].requiresGrad()) {
        next[i] = Edge.to(states[i]);
      }
    }
  }

  /** Saves outputs; for in-place operations only after the version has grown. */
  void saveOutputs(Tensor[] outputs) {
    for (int i = 0; i < outputs.length; i++) {
      if (op.savesOutput(i)) {
        if (savedOutputs == null) {
          savedOutputs = new SavedTensor[outputs.length];
        }
        savedOutputs[i] = new SavedTensor(outputs[i], null);
      }
    }
  }

  @Override
  public String name() {
    String name = op.name();
    return Character.toUpperCase(name.charAt(0)) + name.substring(1) + "Backward0";
  }

  @Override
  Edge[] edges() {
    return next;
  }

  @Override
  int outputs() {
    return outputs;
  }

  @Override
  public Spec inputSpec(int index) {
    return inputSpecs[index];
  }

  @Override
  Tensor[] apply(Tensor[] gradients, boolean graph) {
    if (savedReleased) {
      throw new AutogradException(secondPass(name()));
    }
    createGraph = graph;
    return op.gradient(this, gradients);
  }

  @Override
  public Tensor input(int index) {
    return saved(savedInputs, index, "input").input(this, index, createGraph);
  }

  @Override
  public Tensor output(int index) {
    return saved(savedOutputs, index, "output").output(this, index, createGraph);
  }

  private SavedTensor saved(SavedTensor[] all, int index, String what) {
    if (all == null || all[index] == null) {
      throw new IllegalStateException(
          op.name()
              + " reads "
              + what
              + " "
              + index
              + " in its gradient but did not ask to save it");
    }
    return all[index];
  }

  @Override
  public boolean given(int index) {
    return index < next.length;
  }

  @Override
  public boolean needs(int index) {
    return given(index) && next[index] != null;
  }

  @Override
  public Tensor[] runOver(Op op, Tensor... inputs) {
    // What hooks were shown they may look at again, and a recorded value is saved.
    boolean unseen = !createGraph && extras() == null && Engine.isOnlyOurs(inputs[0]);
    return unseen ? Dispatch.runOver(op, inputs) : Dispatch.runAll(op, inputs);
  }

  @Override
  void pack(SavedTensorsHooks hooks) {
    pack(savedInputs, hooks);
    pack(savedOutputs, hooks);
  }

  @Override
  void releaseSaved() {
    savedReleased |= savedInputs != null || savedOutputs != null;
    release(savedInputs);
    release(savedOutputs);
    savedInputs = null;
    savedOutputs = null;
  }

  private static void release(SavedTensor[] saved) {
    if (saved != null) {
      for (SavedTensor tensor : saved) {
        if (tensor != null) {
          tensor.release();
        }
      }
    }
  }

  @Override
  void end() {
    releaseSaved();
    for (int i = 0; i < next.length; i++) {
      if (next[i] != null) {
        next[i].node().release();
        next[i] = null;
      }
    }
  }
}
