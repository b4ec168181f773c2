package io.kindling.autograd;

import io.kindling.AutogradException;
import io.kindling.op.Spec;
import io.kindling.tensor.Device;
import io.kindling.tensor.Tensor;

/** The trace of one call of a {@link Function}. */
final class FunctionNode extends Node {
  private final Function function;
  private final FunctionContext context;
  private final Edge[] next;
  private final Spec[] inputSpecs;
  private final Spec[] outputSpecs;
  private final Device device;
  private SavedTensor[] saved = {};
  private int[] savedOutputs = {};
  private boolean savedReleased;
  private boolean createGraph;

  /**
   * @param states the inputs' variables as they were before the call; null where nothing flows
   */
  FunctionNode(
      Function function,
      FunctionContext context,
      Tensor[] inputs,
      AutogradState[] states,
      Tensor[] outputs) {
    this.function = function;
    this.context = context;
    this.next = new Edge[inputs.length];
    this.inputSpecs = new Spec[inputs.length];
    this.outputSpecs = new Spec[outputs.length];
    this.device = outputs.length == 0 ? Device.CPU : outputs[0].device();
    for (int i = 0; i < outputs.length; i++) {
      outputSpecs[i] = outputs[i].spec();
    }
    for (int i = 0; i < inputs.length; i++) {
      inputSpecs[i] = inputs[i] == null ? null : inputs[i].spec();
      if (states[i] != null) {
        next[i] = Edge.to(states[i]);
      }
    }
  }

  /**
   * Keeps what backward will ask for.
   *
   * @param outputIndices which of the function's outputs each is, or -1
   */
  void save(Tensor[] tensors, AutogradState[] states, int[] outputIndices) {
    saved = new SavedTensor[tensors.length];
    savedOutputs = outputIndices;
    for (int i = 0; i < tensors.length; i++) {
      if (tensors[i] != null) {
        saved[i] = new SavedTensor(tensors[i], states[i]);
      }
    }
  }

  Tensor[] savedTensors() {
    checkNotReleased();
    Tensor[] tensors = new Tensor[saved.length];
    for (int i = 0; i < saved.length; i++) {
      if (saved[i] != null) {
        int output = savedOutputs[i];
        tensors[i] =
            output >= 0
                ? saved[i].output(this, output, createGraph)
                : saved[i].input(this, i, createGraph);
      }
    }
    return tensors;
  }

  @Override
  public String name() {
    return function.name() + "Backward";
  }

  @Override
  Edge[] edges() {
    return next;
  }

  @Override
  int outputs() {
    return outputSpecs.length;
  }

  @Override
  Spec inputSpec(int index) {
    return inputSpecs[index];
  }

  @Override
  Tensor[] apply(Tensor[] gradients, boolean graph) {
    checkNotReleased();
    createGraph = graph && !function.isOnceDifferentiable();
    Tensor[] given = gradients.clone();
    if (context.materialize) {
      for (int i = 0; i < given.length; i++) {
        if (given[i] == null) {
          given[i] = Tensor.zeros(outputSpecs[i].shape(), outputSpecs[i].dtype(), device);
        }
      }
    }
    Tensor[] results;
    try (GradMode mode = Autograd.setGradEnabled(createGraph)) {
      results = checked(function.backward(context, given));
    }
    if (graph && !createGraph) {
      for (int i = 0; i < results.length; i++) {
        if (results[i] != null) {
          results[i] = results[i].detach();
          results[i].adopt(new AutogradState(new OnceDifferentiable(this), 0));
        }
      }
    }
    return results;
  }

  private Tensor[] checked(Tensor[] results) {
    int count = results == null ? 0 : results.length;
    boolean fits = results != null;
    for (int i = next.length; i < count; i++) {
      fits &= results[i] == null;
    }
    for (int i = count; i < next.length; i++) {
      fits &= next[i] == null;
    }
    if (!fits) {
      throw new AutogradException(
          name() + " returned " + count + " gradients; expected " + next.length + ", one an input");
    }
    Tensor[] all = new Tensor[next.length];
    System.arraycopy(results, 0, all, 0, Math.min(count, all.length));
    return all;
  }

  private void checkNotReleased() {
    if (savedReleased) {
      throw new AutogradException(secondPass(name()));
    }
  }

  @Override
  void pack(SavedTensorsHooks hooks) {
    pack(saved, hooks);
  }

  @Override
  void releaseSaved() {
    savedReleased |= saved.length > 0;
    for (int i = 0; i < saved.length; i++) {
      if (saved[i] != null) {
        saved[i].release();
        saved[i] = null;
      }
    }
    saved = new SavedTensor[0];
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
