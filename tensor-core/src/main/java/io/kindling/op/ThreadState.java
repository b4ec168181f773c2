package io.kindling.op;

import io.kindling.backend.Backend;

/** What dispatch needs to know of the calling thread, behind one thread-local lookup. */
public final class ThreadState {
  private static final ThreadLocal<ThreadState> STATE = ThreadLocal.withInitial(ThreadState::new);

  /** Whether operations are recorded for backward. */
  public boolean gradEnabled = true;

  /** How many threads one operation may use. */
  public int threads = 1;

  /** The only backend to use, or null for the usual routing. */
  public Backend onlyBackend;

  private ThreadState() {}

  public static ThreadState current() {
    return STATE.get();
  }
}
