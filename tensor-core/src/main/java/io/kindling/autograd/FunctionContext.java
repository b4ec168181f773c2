package io.kindling.autograd;

import io.kindling.tensor.Tensor;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** What forward of one call of a {@link Function} tells its backward; PyTorch's {@code ctx}. */
public final class FunctionContext {
  private final boolean[] needed;
  final Set<Tensor> dirty = Collections.newSetFromMap(new IdentityHashMap<>());
  final Set<Tensor> nonDifferentiable = Collections.newSetFromMap(new IdentityHashMap<>());
  Tensor[] toSave = {};
  boolean materialize = true;
  private FunctionNode node;

  FunctionContext(boolean[] needed) {
    this.needed = needed;
  }

  /** From now on the call is on the tape, and what was saved lives there. */
  void recorded(FunctionNode recorded) {
    node = recorded;
    toSave = null;
    dirty.clear();
    nonDifferentiable.clear();
  }

  /**
   * Keeps inputs, outputs or other tensors for backward, which gets them from {@link
   * #savedTensors()} in the same order; null stays null. Only forward may call it, once.
   */
  public void saveForBackward(Tensor... tensors) {
    checkForward("saveForBackward");
    toSave = tensors.clone();
  }

  /**
   * What forward saved.
   *
   * @throws io.kindling.AutogradException if one was changed in place since, or if they are freed
   */
  public Tensor[] savedTensors() {
    return node == null ? toSave.clone() : node.savedTensors();
  }

  /** Whether input {@code index} requires a gradient; backward may return null for others. */
  public boolean needsInputGrad(int index) {
    return needed[index];
  }

  /** Says that forward changed these inputs in place; forward must return them. */
  public void markDirty(Tensor... inputs) {
    checkForward("markDirty");
    Collections.addAll(dirty, inputs);
  }

  /** Says that no gradient flows back through these outputs. */
  public void markNonDifferentiable(Tensor... outputs) {
    checkForward("markNonDifferentiable");
    Collections.addAll(nonDifferentiable, outputs);
  }

  /**
   * Whether backward gets zeros (true, the default) or null for an output into which nothing flows.
   */
  public void setMaterializeGrads(boolean value) {
    checkForward("setMaterializeGrads");
    materialize = value;
  }

  private void checkForward(String method) {
    if (node != null) {
      throw new IllegalStateException(method + " belongs into forward");
    }
  }
}
