package io.kindling.spark.testing;

import io.kindling.spark.model.LoadedNetworks;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkContext$;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Lets a test's last tasks end, and frees the networks that predictions keep for the next, before
 * the leak check counts bytes. Registered for every test through {@code META-INF/services}.
 */
public final class IdleSpark implements AfterTestExecutionCallback {
  private static final long DEADLINE_SECONDS = 60;

  @Override
  public void afterTestExecution(ExtensionContext context) throws InterruptedException {
    if (SparkContext$.MODULE$.getActive().isDefined()
        && !SparkContext$.MODULE$.getActive().get().isStopped()) {
      awaitNoTasks(SparkContext$.MODULE$.getActive().get());
    }
    LoadedNetworks.ofThisJvm().evictIdle();
  }

  /** A failed job returns before its killed tasks have ended. */
  private static void awaitNoTasks(SparkContext spark) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    while (Arrays.stream(spark.statusTracker().getExecutorInfos())
        .anyMatch(executor -> executor.numRunningTasks() > 0)) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("tasks still run " + DEADLINE_SECONDS + " s after the test");
      }
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }
}
