package io.kindling.autograd;

import io.kindling.AutogradException;
import io.kindling.op.Spec;
import io.kindling.tensor.Tensor;

/** Where a gradient came from that cannot be differentiated again: says so when it is tried. */
final class OnceDifferentiable extends Node {
  private static final Edge[] NOWHERE = {};

  private final String maker;

  OnceDifferentiable(Node maker) {
    this.maker = maker.name();
  }

  @Override
  public String name() {
    return "OnceDifferentiable";
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
    throw new AutogradException(
        maker
            + " can be differentiated once only, and this pass differentiates its gradient; write"
            + " its backward with tensor operations and do not declare it once differentiable");
  }

  @Override
  void releaseSaved() {}

  @Override
  void end() {}
}
