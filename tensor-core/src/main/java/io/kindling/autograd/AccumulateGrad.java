package io.kindling.autograd;

import io.kindling.memory.Scope;
import io.kindling.op.Spec;
import io.kindling.tensor.Tensor;
import java.util.List;
import java.util.function.Consumer;

/** The end of the tape: adds a gradient to a leaf's. */
final class AccumulateGrad extends Node {
  private final AutogradState leaf;

  AccumulateGrad(AutogradState leaf) {
    this.leaf = leaf;
  }

  @Override
  public String name() {
    return "accumulateGrad";
  }

  @Override
  public List<Edge> next() {
    return List.of();
  }

  @Override
  int outputs() {
    return 1;
  }

  @Override
  Spec outputSpec(int index) {
    return null; // the gradient arrives already checked against the operation's input
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
        leaf.setGrad(Scope.detach(own(gradient, createGraph)));
      } else if (createGraph) {
        leaf.setGrad(Scope.detach(before.add(gradient)));
      } else {
        before.add_(gradient);
      }
    }
    for (Consumer<Tensor> hook : leaf.accumulatedHooks()) {
      hook.accept(leaf.grad());
    }
    return new Tensor[0];
  }

  /** The gradient itself where nobody else holds its memory, else a copy. */
  private static Tensor own(Tensor gradient, boolean createGraph) {
    if (createGraph) {
      return gradient.clone();
    }
    boolean alone = gradient.storage().references() == 1 && gradient.layout().isDense();
    return alone ? gradient.alias() : gradient.detach().clone();
  }

  @Override
  void releaseSaved() {}

  @Override
  void end() {}
}
