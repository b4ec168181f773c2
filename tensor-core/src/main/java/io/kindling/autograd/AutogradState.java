package io.kindling.autograd;

import io.kindling.memory.RefCounted;
import io.kindling.memory.Scope;
import io.kindling.tensor.Tensor;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * What autograd knows of one variable, shared by all handles on it: whether it requires a gradient,
 * where it came from, and the gradient of a leaf.
 */
public final class AutogradState extends RefCounted {
  private boolean requiresGrad;
  private Node gradFn;
  private int outputIndex;
  private Tensor grad;
  private volatile AccumulateGrad accumulator;
  private boolean released;
  private Hooks<Consumer<Tensor>> accumulated;
  private boolean retainsGrad;
  private int generation;

  /** A leaf. */
  public AutogradState(boolean requiresGrad) {
    this.requiresGrad = requiresGrad;
  }

  /** An output of an operation; takes over one of the caller's references on the node. */
  AutogradState(Node gradFn, int outputIndex) {
    this.gradFn = gradFn;
    this.outputIndex = outputIndex;
    this.requiresGrad = true;
  }

  public boolean requiresGrad() {
    return requiresGrad;
  }

  public void setRequiresGrad(boolean requiresGrad) {
    this.requiresGrad = requiresGrad;
  }

  /** The operation that made the variable, or null for a leaf. */
  public Node gradFn() {
    return gradFn;
  }

  /** Which of the operation's outputs the variable is. */
  public int outputIndex() {
    return outputIndex;
  }

  /** The variable as it is now, as a state of its own. Only for variables that are no leaves. */
  AutogradState snapshot() {
    if (gradFn == null) {
      return new AutogradState(false);
    }
    gradFn.retain();
    return new AutogradState(gradFn, outputIndex);
  }

  /** After an in-place operation the variable comes from that operation. */
  void rebase(Node node, int index) {
    node.retain();
    generation++;
    Node before = gradFn;
    if (retainsGrad) {
      before.extrasOrNew().retain(outputIndex, null);
      node.extrasOrNew().retain(index, this);
    }
    gradFn = node;
    outputIndex = index;
    requiresGrad = true;
    if (before != null) {
      before.release();
    }
  }

  /** Grows with each recorded write, so that views see that their history is out of date. */
  int generation() {
    return generation;
  }

  /** Where gradients of this variable go: its operation, or its accumulator if it is a leaf. */
  Node gradientTarget() {
    Node node = gradFn;
    if (node != null) {
      return node;
    }
    AccumulateGrad end = accumulator;
    return end != null ? end : newAccumulator();
  }

  private synchronized AccumulateGrad newAccumulator() {
    if (accumulator == null) {
      accumulator = new AccumulateGrad(this);
    }
    return accumulator;
  }

  /** The accumulated gradient, owned by this state, or null. */
  public synchronized Tensor grad() {
    return grad;
  }

  /** Replaces the gradient; closes the one before. Takes over the handle, which is in no scope. */
  public synchronized void setGrad(Tensor gradient) {
    if (grad != null && grad != gradient) {
      grad.close();
    }
    if (released && gradient != null) {
      gradient.close(); // nobody can read it any more
      grad = null;
    } else {
      grad = gradient;
    }
  }

  /** Called with each gradient of this variable before it is used; may replace it. */
  public RemovableHandle addHook(UnaryOperator<Tensor> hook) {
    int index = gradFn == null ? 0 : outputIndex;
    return gradientTarget().extrasOrNew().of(index).add(hook);
  }

  /** Called each time a backward pass has finished this leaf's gradient. */
  public synchronized RemovableHandle addAccumulatedHook(Consumer<Tensor> hook) {
    if (accumulated == null) {
      accumulated = new Hooks<>();
    }
    return accumulated.add(hook);
  }

  synchronized List<Consumer<Tensor>> accumulatedHooks() {
    return accumulated == null ? List.of() : accumulated.list();
  }

  /** Keeps the gradient of a computed variable, as leaves do. */
  public void retainGrad() {
    if (gradFn != null) {
      retainsGrad = true;
      gradFn.extrasOrNew().retain(outputIndex, this);
    }
  }

  public boolean retainsGrad() {
    return retainsGrad;
  }

  /** Adds a gradient to that of a computed variable which keeps it. */
  synchronized void accumulateRetained(Tensor gradient) {
    // The pass goes on with this memory, so nothing may be added to it in place here.
    setGrad(Scope.detach(grad == null ? gradient.alias() : grad.add(gradient)));
  }

  @Override
  protected void released() {
    synchronized (this) {
      released = true;
      if (grad != null) {
        grad.close();
        grad = null;
      }
    }
    if (gradFn != null) {
      gradFn.release();
      gradFn = null;
    }
  }
}
