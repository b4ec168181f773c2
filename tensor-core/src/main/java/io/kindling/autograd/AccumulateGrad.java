package io.kindling.autograd;

import io.kindling.memory.Scope;
import io.kindling.op.Spec;
import io.kindling.tensor.Tensor;
import java.util.function.Consumer;

/** The end of the tape: adds a gradient to a leaf's. */
final class AccumulateGrad extends Node {
  private static final Edge[] NOWHERE = {};
  private static final Tensor[] NOTHING = {};

  private final AutogradState leaf;

  AccumulateGrad(AutogradState leaf) {
    this.leaf = leaf;
  }

  @Override
  public String name() {
    return "AccumulateGrad";
  }

  @Override
  Edge[] edges() {
    return NOWHERE;
  }

  @Override
  int outputs() {
    return 1;
  }

  @Override
  Spec inputSpec(int index) {
    throw new IndexOutOfBoundsException(index);
  }

  @Override
  Tensor[] apply(Tensor[] gradients, boolean createGraph) {
    synchronized (leaf) {
      Tensor before = leaf.grad();
      Tensor gradient = gradients[0];
      if (before == null) {
        leaf.setGrad(own(gradients, createGraph));
      } else if (createGraph) {
        leaf.setGrad(Scope.detach(before.add(gradient)));
      } else {
        before.add_(gradient);
      }
    }
    for (Consumer<Tensor> hook : leaf.accumulatedHooks()) {
      hook.accept(leaf.grad());
    }
    return NOTHING;
  }

  /** The gradient itself, taken from the pass, where nobody else holds its memory; else a copy. */
  private static Tensor own(Tensor[] gradients, boolean createGraph) {
    Tensor gradient = gradients[0];
    if (createGraph) {
      return Scope.detach(gradient.clone());
    }
    if (gradient.storage().references() == 1 && gradient.layout().isDense()) {
      gradients[0] = null;
      return gradient;
    }
    return Scope.detach(gradient.detach().clone());
  }

  @Override
  void releaseSaved() {}

  @Override
  void end() {}
}
