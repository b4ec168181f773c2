package io.kindling.autograd;

import io.kindling.memory.RefCounted;
import io.kindling.op.Spec;
import io.kindling.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/**
 * An executed operation on the tape. It is held by the variables it made and by the nodes that came
 * after it; when the last of them goes, it lets go of what it saved and of the nodes before it.
 */
public abstract class Node extends RefCounted {
  private static final AtomicLong SEQUENCE = new AtomicLong();
  private static final ThreadLocal<ArrayDeque<Node>> ENDING = new ThreadLocal<>();

  private final long sequence = SEQUENCE.incrementAndGet();
  private List<List<UnaryOperator<Tensor>>> hooks;

  /** A name such as {@code mulBackward}. */
  public abstract String name();

  /** Where the gradients of the operation's inputs go; entries without a gradient are null. */
  public abstract List<Edge> next();

  /** How many outputs the operation had. */
  abstract int outputs();

  /** What an output looked like, to check and fill in its gradient. */
  abstract Spec outputSpec(int index);

  /** What an input looked like, to which its gradient is brought. */
  abstract Spec inputSpec(int index);

  /**
   * The gradients of the inputs.
   *
   * @param gradients one an output, null where none arrived
   * @param createGraph whether the gradients themselves will be differentiated
   */
  abstract Tensor[] apply(Tensor[] gradients, boolean createGraph);

  /** Lets go of saved tensors; a second backward pass through this node then fails. */
  abstract void releaseSaved();

  /** Lets go of saved tensors and edges. */
  abstract void end();

  /** Later operations have larger numbers. */
  final long sequence() {
    return sequence;
  }

  final void addHook(int output, UnaryOperator<Tensor> hook) {
    if (hooks == null) {
      hooks = new ArrayList<>();
    }
    while (hooks.size() <= output) {
      hooks.add(new ArrayList<>());
    }
    hooks.get(output).add(hook);
  }

  final List<UnaryOperator<Tensor>> hooks(int output) {
    return hooks == null || hooks.size() <= output ? List.of() : hooks.get(output);
  }

  /** Ends this node and, one after the other, all that only it held: long chains need no stack. */
  @Override
  protected final void released() {
    ArrayDeque<Node> ending = ENDING.get();
    if (ending != null) {
      ending.add(this);
      return;
    }
    ending = new ArrayDeque<>();
    ENDING.set(ending);
    try {
      for (Node node = this; node != null; node = ending.poll()) {
        node.end();
      }
    } finally {
      ENDING.remove();
    }
  }

  @Override
  public String toString() {
    return "<" + name() + ">";
  }
}
