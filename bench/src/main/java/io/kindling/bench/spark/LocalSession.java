package io.kindling.bench.spark;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Spark in this process. */
public final class LocalSession {
  private LocalSession() {}

  /** A session with as many slots as threads. */
  public static SparkSession open(int threads) {
    return SparkSession.builder()
        .master("local[" + threads + "]")
        .appName("kindling bench")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", threads)
        .getOrCreate();
  }

  /** The rows, computed and kept in memory. */
  public static Dataset<Row> cached(Dataset<Row> rows) {
    Dataset<Row> cached = rows.cache();
    cached.count();
    return cached;
  }
}
