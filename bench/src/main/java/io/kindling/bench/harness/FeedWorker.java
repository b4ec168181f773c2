package io.kindling.bench.harness;

import io.kindling.bench.model.FeedCase;
import io.kindling.bench.model.Suites;
import io.kindling.bench.spark.FeedTable;
import io.kindling.bench.spark.Feeds;
import io.kindling.bench.spark.LocalSession;
import java.io.IOException;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The application in which both sides make tensors of the same cached DataFrame. */
public final class FeedWorker {
  private FeedWorker() {}

  /**
   * @param arguments case, threads, seconds of warm-up, seconds to time, rows of 784 values
   */
  public static void main(String[] arguments) throws IOException {
    FeedCase one = (FeedCase) Suites.of("feed", arguments[0]);
    int threads = Integer.parseInt(arguments[1]);
    double warmUp = Double.parseDouble(arguments[2]);
    double seconds = Double.parseDouble(arguments[3]);
    // Rows of one number are many more, so that a pass takes some time as well.
    int rows = Integer.parseInt(arguments[4]) * (one.kind() == FeedCase.Kind.NUMBER ? 50 : 1);
    try (SparkSession spark = LocalSession.open(threads)) {
      Dataset<Row> table = LocalSession.cached(FeedTable.of(spark, one.kind(), rows, threads));
      Measurement ours = rate(Feeds.ours(table, one.kind()), warmUp, seconds, rows);
      Measurement peer = rate(Feeds.peer(table, one.kind()), warmUp, seconds, rows);
      PinnedProcess.answer(new Comparison.Found(List.of(new Comparison(one.name(), ours, peer))));
    }
  }

  private static Measurement rate(Feeds.Feed feed, double warmUp, double seconds, int rows) {
    double check = feed.run(true);
    Runnable pass = () -> feed.run(false);
    return Passes.rate(pass, warmUp, pass, seconds, rows, check);
  }
}
