package io.kindling.autograd;

import io.kindling.AutogradException;
import io.kindling.ShapeException;
import io.kindling.memory.Scope;
import io.kindling.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/**
 * What few nodes have: hooks, which are called here, and where in the program the operation was
 * called.
 */
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

  /**
   * Calls the hooks of the gradients that have arrived at a node, and hands each to the variable
   * that keeps it.
   *
   * @param gradients one an output, null where there is none; a hook's result takes its place
   */
  void callTensorHooks(Tensor[] gradients) {
    for (int i = 0; i < gradients.length; i++) {
      for (UnaryOperator<Tensor> hook : of(i).list()) {
        if (gradients[i] != null) {
          replace(gradients, i, hook.apply(gradients[i]));
        }
      }
      AutogradState keeper = retained(i);
      if (keeper != null && gradients[i] != null) {
        keeper.accumulateRetained(gradients[i]);
      }
    }
  }

  /** Runs the node between its hooks, as {@link Node#apply} does without. */
  Tensor[] apply(Node node, Tensor[] gradients, boolean createGraph) {
    for (UnaryOperator<List<Tensor>> hook : before.list()) {
      List<Tensor> given = hook.apply(unmodifiable(gradients));
      if (given != null) {
        checkCount(node, "prehook", gradients.length, given.size());
        for (int i = 0; i < gradients.length; i++) {
          replace(gradients, i, given.get(i));
        }
      }
    }
    // AccumulateGrad takes its gradient out of the array.
    List<Tensor> handed = unmodifiable(gradients.clone());
    Tensor[] results = node.apply(gradients, createGraph);
    for (BinaryOperator<List<Tensor>> hook : after.list()) {
      List<Tensor> given = hook.apply(unmodifiable(results), handed);
      if (given != null) {
        checkCount(node, "hook", results.length, given.size());
        results = given.toArray(new Tensor[0]);
      }
    }
    return results;
  }

  private static List<Tensor> unmodifiable(Tensor[] gradients) {
    return Collections.unmodifiableList(Arrays.asList(gradients));
  }

  private static void checkCount(Node node, String kind, int expected, int got) {
    if (got != expected) {
      throw new AutogradException(
          "a "
              + kind
              + " of "
              + node.name()
              + " returned "
              + got
              + " gradients; expected "
              + expected
              + ", or null to leave them as they are");
    }
  }

  /** Takes what a hook returned as the gradient, unless it is null. */
  private static void replace(Tensor[] gradients, int index, Tensor after) {
    Tensor before = gradients[index];
    if (after != null && after != before) {
      if (before != null && !after.shape().equals(before.shape())) {
        throw new ShapeException(
            "a gradient hook returned shape "
                + after.shape()
                + " for a gradient of shape "
                + before.shape());
      }
      gradients[index] = Scope.detach(after.alias());
      if (before != null) {
        before.close();
      }
    }
  }
}
