package io.kindling.op;

import io.kindling.amp.Autocast;
import io.kindling.amp.WeightCasts;
import io.kindling.autograd.Recording;
import io.kindling.backend.Backend;

/** What dispatch needs to know of the calling thread, behind one thread-local lookup. */
public final class ThreadState {
  /**
   * This system property is how many threads an operation may use where nothing sets another
   * number; without it, as many as the JVM has processors.
   */
  public static final String THREADS_PROPERTY = "kindling.threads";

  private static final int THREADS =
      Math.max(1, Integer.getInteger(THREADS_PROPERTY, Runtime.getRuntime().availableProcessors()));
  private static final ThreadLocal<ThreadState> STATE = ThreadLocal.withInitial(ThreadState::new);

  /** Whether operations are recorded for backward. */
  public boolean gradEnabled = true;

  /** Whether tensors that are made now never take part in a recording. */
  public boolean inference;

  /** What else happens when an operation is recorded, or null. */
  public Recording recording;

  /** How many threads one operation may use. */
  public int threads = THREADS;

  /** How exactly float32 matrix products are calculated. */
  public MatmulPrecision matmulPrecision = MatmulPrecision.HIGHEST;

  /** What chooses the types of operations, or null. */
  public Autocast autocast;

  /** What weights were cast to since the outermost autocast region began, or null outside. */
  public WeightCasts weightCasts;

  /** The only backend to use, or null for the usual routing. */
  public Backend onlyBackend;

  private ThreadState() {}

  public static ThreadState current() {
    return STATE.get();
  }
}
