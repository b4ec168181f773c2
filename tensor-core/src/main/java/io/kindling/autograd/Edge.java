package io.kindling.autograd;

/**
 * Where a gradient goes next.
 *
 * @param node the node that receives it
 * @param index as the gradient of which of the node's outputs
 */
public record Edge(Node node, int index) {
  /** To where gradients of the variable go; holds that node. */
  static Edge to(AutogradState variable) {
    Node target = variable.gradientTarget();
    target.retain();
    return new Edge(target, variable.gradFn() == null ? 0 : variable.outputIndex());
  }
}
