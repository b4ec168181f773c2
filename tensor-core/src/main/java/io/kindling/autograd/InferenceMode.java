package io.kindling.autograd;

import io.kindling.op.ThreadState;

/**
 * Inference mode for a block of code; closing restores what was before. Nothing inside is recorded,
 * and the tensors that are made inside never take part in a recording.
 */
public final class InferenceMode implements AutoCloseable {
  private static volatile int open;

  private final boolean inferenceBefore;
  private final boolean gradBefore;
  private final boolean counted;
  private boolean closed;

  InferenceMode(boolean enabled) {
    ThreadState state = ThreadState.current();
    inferenceBefore = state.inference;
    gradBefore = state.gradEnabled;
    state.inference = enabled;
    state.gradEnabled = !enabled;
    counted = enabled;
    count(enabled ? 1 : 0);
  }

  private static synchronized void count(int more) {
    open += more;
  }

  /** Whether this thread is in inference mode. */
  public static boolean isOn() {
    // Each new tensor asks: a thread's own state is looked up only while some thread is in it.
    return open > 0 && ThreadState.current().inference;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      count(counted ? -1 : 0);
      ThreadState state = ThreadState.current();
      state.inference = inferenceBefore;
      state.gradEnabled = gradBefore;
    }
  }
}
