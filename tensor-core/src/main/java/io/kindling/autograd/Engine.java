package io.kindling.autograd;

import io.kindling.AutogradException;
import io.kindling.ShapeException;
import io.kindling.memory.Scope;
import io.kindling.op.Spec;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.UnaryOperator;

/**
 * The backward pass.
 *
 * <p>Seen from the outputs, the tape is a directed acyclic graph of nodes; an edge carries the
 * gradient of one node's input to the node that made that input. A node may run once the gradients
 * of all its uses have arrived and been added up. So the pass first walks the graph and counts, for
 * each node, the edges that lead to it; then it takes ready nodes, the latest operation first, runs
 * their gradient, adds the results to what waits at the next nodes, and makes those ready whose
 * count reaches zero. Both walks are loops over explicit queues: a chain of a hundred thousand
 * operations needs no deeper stack than one of three. Because the order is fixed by the operations'
 * sequence numbers, sums are added in the same order and the same program gives the same bits.
 *
 * <p>Memory: each node's gradient runs in a scope of its own, so its intermediate tensors end with
 * it; the gradients in flight belong to the pass; and unless the graph is retained, a node lets go
 * of what it saved as soon as it has run, so the peak falls while the pass goes on.
 *
 * <p>All state is in the pass, so threads may run passes at the same time; only the leaves they
 * share are locked, while a gradient is added.
 */
final class Engine {
  private final boolean retainGraph;
  private final boolean createGraph;
  private final Map<Node, Pending> pending = new IdentityHashMap<>();
  private final PriorityQueue<Pending> ready =
      new PriorityQueue<>(Comparator.comparingLong((Pending p) -> -p.node.sequence()));

  private Engine(boolean retainGraph, boolean createGraph) {
    this.retainGraph = retainGraph;
    this.createGraph = createGraph;
  }

  /** A node of this pass: how many edges have yet to deliver, and the sums of those that have. */
  private static final class Pending {
    final Node node;
    final Tensor[] gradients;
    final boolean[] ours;
    int missing;
    boolean needed = true;
    int[] captures;

    Pending(Node node) {
      this.node = node;
      this.gradients = new Tensor[node.outputs()];
      this.ours = new boolean[node.outputs()];
    }
  }

  static void backward(
      List<Tensor> outputs, List<Tensor> gradients, boolean retainGraph, boolean createGraph) {
    Engine engine = new Engine(retainGraph, createGraph);
    engine.discover(outputs);
    engine.execute(outputs, gradients, null);
  }

  static List<Tensor> grad(
      List<Tensor> outputs,
      List<Tensor> inputs,
      List<Tensor> gradients,
      boolean retainGraph,
      boolean createGraph,
      boolean allowUnused) {
    Engine engine = new Engine(retainGraph, createGraph);
    engine.discover(outputs);
    Tensor[] captured = new Tensor[inputs.size()];
    engine.capture(inputs);
    engine.execute(outputs, gradients, captured);
    for (int i = 0; i < captured.length; i++) {
      if (captured[i] == null && !allowUnused) {
        throw new AutogradException(
            "grad: input "
                + i
                + " of shape "
                + inputs.get(i).shape()
                + " was not used to compute"
                + " the outputs; pass allowUnused = true to get null for it");
      }
    }
    return Arrays.asList(captured);
  }

  /** Finds every node that the outputs depend on and counts the edges to each. */
  private void discover(List<Tensor> outputs) {
    ArrayDeque<Node> frontier = new ArrayDeque<>();
    for (Tensor output : outputs) {
      if (!output.requiresGrad()) {
        throw new AutogradException(
            "backward: the tensor of shape "
                + output.shape()
                + " does not require a gradient and"
                + " was not computed from one that does; call requiresGrad_() on the inputs, and do"
                + " not compute under Autograd.noGrad()");
      }
      visit(output.state().gradientTarget(), frontier);
    }
    for (Node node = frontier.poll(); node != null; node = frontier.poll()) {
      for (Edge edge : node.next()) {
        if (edge != null) {
          visit(edge.node(), frontier).missing++;
        }
      }
    }
  }

  private Pending visit(Node node, ArrayDeque<Node> frontier) {
    Pending known = pending.get(node);
    if (known == null) {
      known = new Pending(node);
      pending.put(node, known);
      frontier.add(node);
    }
    return known;
  }

  /** Restricts the pass to nodes on a way to one of the inputs. */
  private void capture(List<Tensor> inputs) {
    List<Pending> order = new ArrayList<>(pending.values());
    order.forEach(p -> p.needed = false);
    for (int i = 0; i < inputs.size(); i++) {
      Tensor input = inputs.get(i);
      if (!input.requiresGrad()) {
        throw new AutogradException(
            "grad: input "
                + i
                + " of shape "
                + input.shape()
                + " does not require a gradient;"
                + " call requiresGrad_() on it before it is used");
      }
      Pending at = pending.get(input.state().gradientTarget());
      if (at != null) {
        if (at.captures == null) {
          at.captures = new int[inputs.size()];
          Arrays.fill(at.captures, -1);
        }
        at.captures[i] = input.isLeaf() ? 0 : input.state().outputIndex();
        at.needed = true;
      }
    }
    // A node's inputs were made before it, so ascending order sees them first. Accumulators are
    // younger than the operations that use them, but they have no inputs of their own.
    order.sort(Comparator.comparingLong((Pending p) -> p.node.sequence()));
    for (Pending p : order) {
      for (Edge edge : p.node.next()) {
        p.needed |= edge != null && pending.get(edge.node()).needed;
      }
    }
  }

  private void execute(List<Tensor> outputs, List<Tensor> gradients, Tensor[] captured) {
    try (GradMode mode = Autograd.setGradEnabled(createGraph)) {
      for (int i = 0; i < outputs.size(); i++) {
        Tensor output = outputs.get(i);
        Tensor given = gradients == null ? null : gradients.get(i);
        Pending root = pending.get(output.state().gradientTarget());
        try (Scope scope = Scope.open()) {
          Tensor start = startOf(output, given);
          add(root, output.isLeaf() ? 0 : output.state().outputIndex(), start);
        }
      }
      for (Pending p : pending.values()) {
        if (p.missing == 0) {
          ready.add(p);
        }
      }
      for (Pending next = ready.poll(); next != null; next = ready.poll()) {
        run(next, captured);
      }
    } finally {
      for (Pending p : pending.values()) {
        closeGradients(p); // only after a failure is anything left
      }
    }
  }

  private static Tensor startOf(Tensor output, Tensor given) {
    if (given == null) {
      if (output.numel() != 1) {
        throw new AutogradException(
            "backward: only a tensor of one element starts with a gradient of one by itself; for"
                + " shape "
                + output.shape()
                + " pass the gradient, or reduce it with sum()");
      }
      return Tensor.onesLike(output.detach());
    }
    if (!given.shape().equals(output.shape())) {
      throw new ShapeException(
          "backward: the gradient has shape " + given.shape() + ", the tensor " + output.shape());
    }
    return given.dtype() == output.dtype() ? given : given.to(output.dtype());
  }

  private void run(Pending current, Tensor[] captured) {
    Node node = current.node;
    boolean leaf = node instanceof AccumulateGrad;
    try (Scope scope = Scope.open()) {
      for (int i = 0; i < current.gradients.length; i++) {
        for (UnaryOperator<Tensor> hook : node.hooks(i)) {
          replace(current, i, hook);
        }
      }
      if (captured != null && current.captures != null) {
        for (int i = 0; i < captured.length; i++) {
          if (current.captures[i] >= 0 && current.gradients[current.captures[i]] != null) {
            captured[i] = scope.keep(current.gradients[current.captures[i]].alias());
          }
        }
      }
      boolean arrived = Arrays.stream(current.gradients).anyMatch(g -> g != null);
      boolean runs = arrived && current.needed && !(leaf && captured != null);
      Tensor[] results = runs ? node.apply(current.gradients, createGraph) : null;
      deliver(node, results);
      if (runs && !retainGraph && !createGraph) {
        node.releaseSaved();
      }
    } finally {
      closeGradients(current);
    }
  }

  private static void replace(Pending current, int index, UnaryOperator<Tensor> hook) {
    Tensor before = current.gradients[index];
    if (before == null) {
      return;
    }
    Tensor after = hook.apply(before);
    if (after != null && after != before) {
      if (!after.shape().equals(before.shape())) {
        throw new ShapeException(
            "a gradient hook returned shape "
                + after.shape()
                + " for a gradient of shape "
                + before.shape());
      }
      current.gradients[index] = Scope.detach(after.alias());
      current.ours[index] = false;
      before.close();
    }
  }

  /** Hands the gradients of a node's inputs to the nodes that made them. */
  private void deliver(Node node, Tensor[] results) {
    List<Edge> edges = node.next();
    for (int i = 0; i < edges.size(); i++) {
      Edge edge = edges.get(i);
      if (edge == null) {
        continue;
      }
      Pending target = pending.get(edge.node());
      if (results != null && results[i] != null && target.needed) {
        add(target, edge.index(), fit(results[i], node.inputSpec(i), node));
      }
      if (--target.missing == 0) {
        ready.add(target);
      }
    }
  }

  /** Sums over broadcast dimensions and casts, so that the gradient looks like the input. */
  private static Tensor fit(Tensor gradient, Spec input, Node node) {
    Tensor fitted = gradient;
    if (!gradient.shape().equals(input.shape())) {
      if (!gradient.shape().equals(Shape.broadcast(gradient.shape(), input.shape()))) {
        throw new ShapeException(
            node.name()
                + " returned a gradient of shape "
                + gradient.shape()
                + " for an input of shape "
                + input.shape());
      }
      fitted = gradient.sumToSize(input.shape());
    }
    return fitted.dtype() == input.dtype() ? fitted : fitted.to(input.dtype());
  }

  /** Adds a gradient to what waits at a node. */
  private void add(Pending target, int index, Tensor gradient) {
    Tensor before = target.gradients[index];
    if (before == null) {
      target.gradients[index] = Scope.detach(gradient.alias());
    } else if (target.ours[index] && !createGraph) {
      before.add_(gradient);
    } else {
      target.gradients[index] = Scope.detach(before.add(gradient));
      target.ours[index] = true;
      before.close();
    }
  }

  private static void closeGradients(Pending p) {
    for (int i = 0; i < p.gradients.length; i++) {
      if (p.gradients[i] != null) {
        p.gradients[i].close();
        p.gradients[i] = null;
      }
    }
  }
}
