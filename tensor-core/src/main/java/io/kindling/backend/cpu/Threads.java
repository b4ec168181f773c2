package io.kindling.backend.cpu;

import io.kindling.KindlingException;
import io.kindling.op.ThreadState;

/**
 * How many processor threads one operation may use, PyTorch's {@code get_num_threads} and {@code
 * set_num_threads}. A setting of the calling thread, so that several tasks in one JVM each keep to
 * their share (Spark's tasks: {@code spark.task.cpus}); it starts as the system property {@link
 * ThreadState#THREADS_PROPERTY}, or all processors that the JVM has.
 *
 * <p>Plain-Java kernels use one thread whatever is set, and so does what would be over before other
 * threads are awake. The same number gives the same bits.
 */
public final class Threads {
  private Threads() {}

  public static int get() {
    return ThreadState.current().threads;
  }

  /** Sets how many threads the calling thread's operations may use, at least 1. */
  public static void set(int threads) {
    if (threads < 1) {
      throw new KindlingException(
          "Threads.set: " + threads + " threads cannot run an operation; use at least 1");
    }
    ThreadState.current().threads = threads;
  }
}
