package io.kindling.spark.testing;

import org.apache.spark.SparkContext$;
import org.apache.spark.sql.SparkSession;

/**
 * A local session with two task slots, one for all test classes of a JVM, as starting one takes
 * longer than most tests. A test class that needs the JVM's only context for itself calls {@link
 * #stop} first.
 */
public final class LocalSpark {
  private LocalSpark() {}

  /** The session; made when there is none. */
  public static synchronized SparkSession session() {
    return SparkSession.builder()
        .master("local[2]")
        .appName("kindling tests")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        // Progress travels with heartbeats, and a test is soon over.
        .config("spark.executor.heartbeatInterval", "100ms")
        .config("spark.kindling.comm.timeout", "30s")
        .getOrCreate();
  }

  /** Ends the context of this JVM, if there is one. */
  public static synchronized void stop() {
    if (SparkContext$.MODULE$.getActive().isDefined()) {
      SparkContext$.MODULE$.getActive().get().stop();
    }
    SparkSession.clearActiveSession();
    SparkSession.clearDefaultSession();
  }
}
