package io.kindling.autograd;

import io.kindling.AutogradException;
import io.kindling.ShapeException;
import io.kindling.amp.Autocast;
import io.kindling.memory.Scope;
import io.kindling.memory.Storage;
import io.kindling.op.Spec;
import io.kindling.op.ThreadState;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

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
 * <p>Memory: the pass has a scope, cleared after each node, so a node's intermediate tensors end
 * with it; the gradients in flight belong to the pass; and unless the graph is retained, a node
 * lets go of what it saved as soon as it has run, so the peak falls while the pass goes on.
 *
 * <p>All state is in the pass, so threads may run passes at the same time; only the leaves they
 * share are locked, while a gradient is added.
 */
final class Engine {
  private final boolean retainGraph;
  private final boolean createGraph;
  private final Recording recording = ThreadState.current().recording;
  private final Map<Node, Pending> pending = new HashMap<>();
  // In the order of discovery, which is also the queue of those whose edges are yet to be followed.
  private final List<Pending> discovered = new ArrayList<>();
  private final PriorityQueue<Pending> ready = new PriorityQueue<>();

  private Engine(boolean retainGraph, boolean createGraph) {
    this.retainGraph = retainGraph;
    this.createGraph = createGraph;
  }

  /** A node of this pass: how many edges have yet to deliver, and the sums of those that have. */
  private static final class Pending implements Comparable<Pending> {
    final Node node;
    final Tensor[] gradients;
    final Pending[] next;
    int missing;
    boolean needed = true; // whether a gradient is wanted here
    boolean passes = true; // whether one is wanted further back
    int[] captures;

    Pending(Node node) {
      this.node = node;
      this.gradients = new Tensor[node.outputs()];
      this.next = new Pending[node.edges().length];
    }

    /** The latest operation comes first. */
    @Override
    public int compareTo(Pending other) {
      return Long.compare(other.node.sequence(), node.sequence());
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
    boolean done = false;
    try {
      engine.execute(outputs, gradients, captured);
      if (!allowUnused) {
        checkUsed(inputs, captured);
      }
      done = true;
    } finally {
      for (Tensor gradient : captured) {
        if (!done && gradient != null) {
          gradient.close(); // there may be no scope around that would
        }
      }
    }
    return Arrays.asList(captured);
  }

  private static void checkUsed(List<Tensor> inputs, Tensor[] captured) {
    for (int i = 0; i < captured.length; i++) {
      if (captured[i] == null) {
        throw new AutogradException(
            "grad: input "
                + i
                + " of shape "
                + inputs.get(i).shape()
                + " was not used to compute"
                + " the outputs; pass allowUnused = true to get null for it");
      }
    }
  }

  /** Finds every node that the outputs depend on and counts the edges to each. */
  private void discover(List<Tensor> outputs) {
    for (Tensor output : outputs) {
      if (!output.requiresGrad()) {
        throw new AutogradException(
            "backward: the tensor of shape "
                + output.shape()
                + " does not require a gradient and"
                + " was not computed from one that does; call requiresGrad_() on the inputs, and do"
                + " not compute under Autograd.noGrad()");
      }
      visit(output.state().gradientTarget());
    }
    for (int i = 0; i < discovered.size(); i++) {
      Pending from = discovered.get(i);
      Edge[] edges = from.node.edges();
      for (int k = 0; k < edges.length; k++) {
        if (edges[k] != null) {
          from.next[k] = visit(edges[k].node());
          from.next[k].missing++;
        }
      }
    }
  }

  private Pending visit(Node node) {
    Pending known = pending.get(node);
    if (known == null) {
      known = new Pending(node);
      pending.put(node, known);
      discovered.add(known);
    }
    return known;
  }

  /** Restricts the pass to nodes on a way to one of the inputs. */
  private void capture(List<Tensor> inputs) {
    List<Pending> order = new ArrayList<>(discovered);
    for (Pending p : order) {
      p.needed = false;
      p.passes = false;
    }
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
    order.sort(Comparator.reverseOrder());
    for (Pending p : order) {
      for (Pending next : p.next) {
        p.passes |= next != null && next.needed;
      }
      p.needed |= p.passes;
    }
  }

  private void execute(List<Tensor> outputs, List<Tensor> gradients, Tensor[] captured) {
    ThreadState thread = ThreadState.current();
    Autocast region = thread.autocast;
    thread.autocast = null; // the forward pass has chosen the types
    try (GradMode mode = Autograd.setGradEnabled(createGraph);
        Scope scope = Scope.open()) {
      for (int i = 0; i < outputs.size(); i++) {
        Tensor output = outputs.get(i);
        Tensor given = gradients == null ? null : gradients.get(i);
        Pending root = pending.get(output.state().gradientTarget());
        int index = output.isLeaf() ? 0 : output.state().outputIndex();
        add(root, index, startOf(output, given), scope);
        scope.clear();
      }
      for (Pending p : discovered) {
        if (p.missing == 0) {
          ready.add(p);
        }
      }
      for (Pending next = ready.poll(); next != null; next = ready.poll()) {
        run(next, captured, scope);
        scope.clear();
      }
    } finally {
      thread.autocast = region;
      for (Pending p : discovered) {
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
      Tensor one = Tensor.emptyLike(output);
      one.dtype().writeDouble(one.address(), 1);
      return one;
    }
    if (!given.shape().equals(output.shape())) {
      throw new ShapeException(
          "backward: the gradient has shape " + given.shape() + ", the tensor " + output.shape());
    }
    return given.dtype() == output.dtype() ? given : given.to(output.dtype());
  }

  private void run(Pending current, Tensor[] captured, Scope scope) {
    Node node = current.node;
    try {
      NodeExtras extras = node.extras();
      if (extras != null) {
        extras.callTensorHooks(current.gradients);
      }
      if (captured != null && current.captures != null) {
        for (int i = 0; i < captured.length; i++) {
          if (current.captures[i] >= 0 && current.gradients[current.captures[i]] != null) {
            captured[i] = scope.keep(current.gradients[current.captures[i]].alias());
          }
        }
      }
      boolean runs = current.passes && hasGradient(current);
      Tensor[] results = null;
      if (runs) {
        boolean plain = extras == null && recording == null;
        results = plain ? node.apply(current.gradients, createGraph) : applyWatched(current);
      }
      deliver(current, results, scope);
      if (runs && !retainGraph && !createGraph) {
        node.releaseSaved();
      }
    } finally {
      closeGradients(current);
    }
  }

  private static boolean hasGradient(Pending current) {
    for (Tensor gradient : current.gradients) {
      if (gradient != null) {
        return true;
      }
    }
    return false;
  }

  /** Runs a node that has hooks, or any while anomalies are looked for. */
  private Tensor[] applyWatched(Pending current) {
    NodeExtras extras = current.node.extras();
    if (recording == null || !recording.anomaly()) {
      return apply(current, extras);
    }
    Throwable origin = extras == null ? null : extras.origin;
    Tensor[] results;
    try (RecordingScope inside = Recording.running(current.node)) {
      results = apply(current, extras);
    } catch (RuntimeException e) {
      if (origin != null) {
        e.addSuppressed(origin);
      }
      throw e;
    }
    for (int i = 0; recording.checksNan() && i < results.length; i++) {
      if (results[i] != null && hasNan(results[i])) {
        throw new AutogradException(
            "backward: "
                + current.node.name()
                + " returned NaN in gradient "
                + i
                + " of its inputs; "
                + (origin == null
                    ? "its forward call is not known: call forward within detectAnomaly() too"
                    : "the cause shows its forward call"),
            origin);
      }
    }
    return results;
  }

  private Tensor[] apply(Pending current, NodeExtras extras) {
    return extras == null
        ? current.node.apply(current.gradients, createGraph)
        : extras.apply(current.node, current.gradients, createGraph);
  }

  private static boolean hasNan(Tensor gradient) {
    try (GradMode off = Autograd.noGrad();
        Scope scope = Scope.open()) {
      return gradient.isnan().any().item() != 0;
    }
  }

  /** Hands the gradients of a node's inputs to the nodes that made them. */
  private void deliver(Pending current, Tensor[] results, Scope scope) {
    for (int i = 0; i < current.next.length; i++) {
      Pending target = current.next[i];
      if (target == null) {
        continue;
      }
      if (results != null && results[i] != null && target.needed) {
        Tensor fitted = fit(results[i], current.node.inputSpec(i), current.node);
        add(target, current.node.edges()[i].index(), fitted, scope);
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
  private void add(Pending target, int index, Tensor gradient, Scope scope) {
    Tensor before = target.gradients[index];
    if (before == null) {
      // A handle that the node just made is taken as it is; another is somebody's.
      boolean fresh = scope.owns(gradient);
      target.gradients[index] = Scope.detach(fresh ? gradient : gradient.alias());
    } else if (!createGraph && isOnlyOurs(before)) {
      before.add_(gradient);
    } else {
      target.gradients[index] = Scope.detach(before.add(gradient));
      before.close();
    }
  }

  /** Whether no tensor but this handle, which the pass holds, can see what is written to it. */
  static boolean isOnlyOurs(Tensor gradient) {
    Storage memory = gradient.storage();
    return memory.references() == 1
        && !memory.isForeign()
        && !memory.isReadOnly()
        && !gradient.layout().mayOverlap();
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
