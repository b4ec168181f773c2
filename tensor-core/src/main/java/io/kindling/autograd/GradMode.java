package io.kindling.autograd;

import io.kindling.op.ThreadState;

/** Recording switched on or off for a block of code; closing restores what was before. */
public final class GradMode implements AutoCloseable {
  private final boolean before;

  GradMode(boolean enabled) {
    ThreadState state = ThreadState.current();
    before = state.gradEnabled;
    state.gradEnabled = enabled && !state.inference;
  }

  @Override
  public void close() {
    ThreadState.current().gradEnabled = before;
  }
}
