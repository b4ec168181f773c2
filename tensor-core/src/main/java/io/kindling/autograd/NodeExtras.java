package io.kindling.autograd;

import io.kindling.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/** What few nodes have: hooks, and where in the program the operation was called. */
final class NodeExtras {
  final Hooks<UnaryOperator<List<Tensor>>> before = new Hooks<>();
  final Hooks<BinaryOperator<List<Tensor>>> after = new Hooks<>();

  /** Of the operation's call, where anomalies are looked for; else null. */
  Throwable origin;

  private final List<Hooks<UnaryOperator<Tensor>>> outputs = new ArrayList<>();
  private final List<AutogradState> retained = new ArrayList<>();

  /** Those that see the gradient of one output before it is used. */
  synchronized Hooks<UnaryOperator<Tensor>> of(int output) {
    while (outputs.size() <= output) {
      outputs.add(new Hooks<>());
    }
    return outputs.get(output);
  }

  /** Which variable keeps the gradient of an output, or null. */
  synchronized AutogradState retained(int output) {
    return output < retained.size() ? retained.get(output) : null;
  }

  /** The variable holds this node, so it is not counted here. */
  synchronized void retain(int output, AutogradState variable) {
    while (retained.size() <= output) {
      retained.add(null);
    }
    retained.set(output, variable);
  }
}
