package io.kindling.jobs;

import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/** Spark sessions for jobs. */
final class Sessions {
  private Sessions() {}

  /**
   * The session of spark-submit where there is one, else one on {@code master}, else on this
   * machine with at least {@code tasks} slots.
   *
   * @throws JobException if that master cannot be had
   */
  static SparkSession open(String name, String master, int tasks) {
    SparkConf conf = new SparkConf();
    if (master != null) {
      conf.setMaster(master);
    } else if (!conf.contains("spark.master")) {
      int slots = Math.max(tasks, Runtime.getRuntime().availableProcessors());
      conf.setMaster("local[" + slots + "]");
    }
    if (conf.get("spark.master").startsWith("local")) {
      conf.setIfMissing("spark.driver.host", "127.0.0.1");
      conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
      conf.setIfMissing("spark.ui.enabled", "false");
    }
    // Progress travels on heartbeats; ten seconds would be a long time to look at a still bar.
    conf.setIfMissing("spark.executor.heartbeatInterval", "1s");
    try {
      return SparkSession.builder().appName(name).config(conf).getOrCreate();
    } catch (Exception e) {
      // Spark's Scala code throws checked exceptions without declaring them.
      throw new JobException(
          "--master: cannot start Spark on "
              + conf.get("spark.master")
              + ": "
              + JobException.reason(e)
              + "; give another, such as local[4] or spark://host:7077",
          e);
    }
  }
}
