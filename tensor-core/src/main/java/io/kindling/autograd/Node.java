package io.kindling.autograd;

import io.kindling.memory.RefCounted;
import io.kindling.op.Spec;
import io.kindling.tensor.Tensor;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/**
 * An executed operation on the tape. It is held by the variables it made and by the nodes that came
 * after it; when the last of them goes, it lets go of what it saved and of the nodes before it.
 */
public abstract class Node extends RefCounted {
  private static final AtomicLong SEQUENCE = new AtomicLong();
  private static final ThreadLocal<Ending> ENDING = ThreadLocal.withInitial(Ending::new);

  private final long sequence = SEQUENCE.incrementAndGet();
  private volatile NodeExtras extras;
  private Node endsNext;

  /** The nodes that this thread has yet to end, linked through the nodes themselves. */
  private static final class Ending {
    private boolean running;
    private Node first;
  }

  /** A name such as {@code MulBackward0}. */
  public abstract String name();

  /** Where the gradients of the operation's inputs go; entries without a gradient are null. */
  public final List<Edge> nextFunctions() {
    return Collections.unmodifiableList(Arrays.asList(edges().clone()));
  }

  /**
   * Calls {@code hook} after this node ran, with the gradients of the operation's inputs and those
   * of its outputs; a result other than null replaces the former. Entries may be null.
   */
  public final RemovableHandle registerHook(BinaryOperator<List<Tensor>> hook) {
    return extrasOrNew().after.add(hook);
  }

  /**
   * Calls {@code hook} before this node runs, with the gradients of the operation's outputs; a
   * result other than null replaces them. Entries may be null.
   */
  public final RemovableHandle registerPrehook(UnaryOperator<List<Tensor>> hook) {
    return extrasOrNew().before.add(hook);
  }

  /** The graph from here back to the leaves, as a tree for a person to read. */
  public final String graph() {
    return GraphPrinter.print(this);
  }

  /** As {@link #nextFunctions()}, for the engine: not to be changed. */
  abstract Edge[] edges();

  /** How many outputs the operation had. */
  abstract int outputs();

  /** What an input looked like, to which its gradient is brought. */
  abstract Spec inputSpec(int index);

  /**
   * The gradients of the inputs.
   *
   * @param gradients one an output, null where none arrived
   * @param createGraph whether the gradients themselves will be differentiated
   */
  abstract Tensor[] apply(Tensor[] gradients, boolean createGraph);

  /** Lets hooks keep something else in place of saved tensors. */
  void pack(SavedTensorsHooks hooks) {}

  /** For a node's own saved tensors, of which there may be none. */
  static void pack(SavedTensor[] saved, SavedTensorsHooks hooks) {
    for (int i = 0; saved != null && i < saved.length; i++) {
      if (saved[i] != null) {
        saved[i] = PackedTensor.of(saved[i], hooks);
      }
    }
  }

  /** Lets go of saved tensors; a second backward pass through this node then fails. */
  abstract void releaseSaved();

  /** Lets go of saved tensors and edges. */
  abstract void end();

  /** What to say when saved tensors are asked for after they were let go of. */
  static String secondPass(String name) {
    return "backward ran a second time through "
        + name
        + ", whose saved tensors are freed after the first; pass retainGraph = true to the first"
        + " call to keep them";
  }

  /** Later operations have larger numbers. */
  final long sequence() {
    return sequence;
  }

  /** Hooks and the like, or null. */
  final NodeExtras extras() {
    return extras;
  }

  final synchronized NodeExtras extrasOrNew() {
    if (extras == null) {
      extras = new NodeExtras();
    }
    return extras;
  }

  /** Ends this node and, one after the other, all that only it held: long chains need no stack. */
  @Override
  protected final void released() {
    Ending ending = ENDING.get();
    endsNext = ending.first;
    ending.first = this;
    if (ending.running) {
      return;
    }
    ending.running = true;
    try {
      for (Node node = this; node != null; node = ending.first) {
        ending.first = node.endsNext;
        node.endsNext = null;
        node.end();
      }
    } finally {
      ending.running = false;
    }
  }

  /** By number: an object's own hash would cost a call into the JVM for each new node. */
  @Override
  public final int hashCode() {
    return Long.hashCode(sequence);
  }

  @Override
  public final boolean equals(Object other) {
    return this == other;
  }

  @Override
  public String toString() {
    return "<" + name() + ">";
  }
}
