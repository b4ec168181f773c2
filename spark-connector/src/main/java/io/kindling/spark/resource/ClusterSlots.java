package io.kindling.spark.resource;

import io.kindling.KindlingException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import org.apache.spark.resource.ResourceProfile$;

/** How many tasks the cluster can run at once. */
public final class ClusterSlots {
  /** How long to wait for executors that are still starting. */
  public static final String TIMEOUT = "spark.kindling.slots.timeout";

  private static final String DEFAULT_TIMEOUT = "30s";

  private ClusterSlots() {}

  /**
   * Fails unless {@code tasks} tasks can run at the same time. Spark itself would look again and
   * again for ten minutes. Waits for executors that are still starting, as after an application's
   * start or the loss of one, as long as {@link #TIMEOUT} says (30 s).
   *
   * @throws KindlingException if there are too few slots
   */
  public static void require(SparkContext context, int tasks) {
    long wait = context.conf().getTimeAsMs(TIMEOUT, DEFAULT_TIMEOUT);
    long deadline = System.nanoTime() + Duration.ofMillis(wait).toNanos();
    int slots = slots(context);
    while (slots < tasks && !context.isLocal() && System.nanoTime() < deadline) {
      try {
        TimeUnit.MILLISECONDS.sleep(100);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new KindlingException("interrupted while waiting for executors", e);
      }
      slots = slots(context);
    }
    if (slots < tasks) {
      throw new KindlingException(
          "numWorkers is "
              + tasks
              + ", but the cluster ("
              + context.master()
              + ") runs at most "
              + slots
              + " tasks at once; lower numWorkers, or give the application more executors or"
              + " cores");
    }
  }

  private static int slots(SparkContext context) {
    return context.maxNumConcurrentTasks(
        ResourceProfile$.MODULE$.getOrCreateDefaultProfile(context.conf()));
  }
}
