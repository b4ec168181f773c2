package io.kindling.spark.comm;

import io.kindling.distributed.DistributedException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * A point in time up to which a task waits for others. A waiting task also looks whether Spark has
 * killed it: unless the job asks for interruption, Spark only sets a flag.
 */
final class Deadline {
  private static final long LEAST_POLL_NANOS = 1_000_000;
  private static final long MOST_POLL_NANOS = 10_000_000;

  private final Duration length;
  private final long end;
  private final BooleanSupplier killed;

  Deadline(Duration length, BooleanSupplier killed) {
    this.length = length;
    this.end = System.nanoTime() + length.toNanos();
    this.killed = killed;
  }

  /**
   * Waits for {@code future}.
   *
   * @param what completes "waited 60 s for ..."
   * @throws DistributedException if it fails, is late, or this task is killed
   */
  <T> T await(Future<T> future, String what) {
    return await(future, what, () -> {});
  }

  /** As {@link #await(Future, String)}; {@code meanwhile} runs every few milliseconds. */
  <T> T await(Future<T> future, String what, Runnable meanwhile) {
    long start = System.nanoTime();
    while (true) {
      try {
        return future.get(pollNanos(System.nanoTime() - start), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        if (killed.getAsBoolean()) {
          throw new DistributedException("killed while waiting for " + what);
        }
        if (System.nanoTime() - end > 0) {
          throw new DistributedException("waited " + length.toMillis() + " ms for " + what);
        }
        meanwhile.run();
      } catch (ExecutionException e) {
        throw new DistributedException(
            "failed while waiting for " + what + ": " + e.getCause(), e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new DistributedException("interrupted while waiting for " + what, e);
      }
    }
  }

  /** A tenth of the wait so far: what comes soon is seen at once, what takes long costs nothing. */
  private static long pollNanos(long waited) {
    return Math.max(LEAST_POLL_NANOS, Math.min(MOST_POLL_NANOS, waited / 10));
  }
}
