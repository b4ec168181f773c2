package io.kindling.autograd;

import io.kindling.op.ThreadState;

/**
 * What else happens on this thread when an operation is put on the tape; a thread's state has none
 * as long as it is nothing. Immutable.
 */
public final class Recording {
  private static final Recording NOTHING = new Recording(null, false, false, null);

  private final SavedTensorsHooks hooks;
  private final boolean anomaly;
  private final boolean checkNan;
  private final Node running;

  private Recording(SavedTensorsHooks hooks, boolean anomaly, boolean checkNan, Node running) {
    this.hooks = hooks;
    this.anomaly = anomaly;
    this.checkNan = checkNan;
    this.running = running;
  }

  /** A change of the thread's recording, undone by closing it. */
  static final class Change implements RecordingScope {
    private final Recording before;

    private Change(Recording before) {
      this.before = before;
    }

    @Override
    public void close() {
      ThreadState.current().recording = before;
    }
  }

  private static Recording current() {
    Recording recording = ThreadState.current().recording;
    return recording == null ? NOTHING : recording;
  }

  private Change begin() {
    ThreadState state = ThreadState.current();
    Change change = new Change(state.recording);
    state.recording = hooks == null && !anomaly ? null : this;
    return change;
  }

  /** From now on saved tensors are packed by these hooks; null for none. */
  static Change packing(SavedTensorsHooks hooks) {
    Recording now = current();
    return new Recording(hooks, now.anomaly, now.checkNan, now.running).begin();
  }

  /** From now on each operation remembers where it was called. */
  static Change anomaly(boolean enabled, boolean checkNan) {
    return new Recording(current().hooks, enabled, checkNan, null).begin();
  }

  /** From now on operations are part of the gradient of this one. */
  static Change running(Node node) {
    Recording now = current();
    return new Recording(now.hooks, now.anomaly, now.checkNan, node).begin();
  }

  boolean anomaly() {
    return anomaly;
  }

  boolean checksNan() {
    return checkNan;
  }

  SavedTensorsHooks hooks() {
    return hooks;
  }

  /** To be called for a new node whose maker still holds it; a failure ends the node. */
  void recorded(Node node) {
    if (anomaly) {
      node.extrasOrNew().origin = origin(node);
    }
    if (hooks != null) {
      boolean packed = false;
      try {
        node.pack(hooks);
        packed = true;
      } finally {
        if (!packed) {
          node.release();
        }
      }
    }
  }

  private Throwable origin(Node node) {
    NodeExtras outer = running == null ? null : running.extras();
    return new Throwable(
        running == null
            ? node.name() + ": its forward was called here"
            : node.name() + ": its forward was called here, in the gradient of " + running.name(),
        outer == null ? null : outer.origin);
  }
}
