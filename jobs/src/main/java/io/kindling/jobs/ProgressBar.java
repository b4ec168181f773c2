package io.kindling.jobs;

import io.kindling.jobs.report.TerminalProgress;
import io.kindling.spark.train.ProgressListener;
import org.apache.spark.sql.SparkSession;

/** Shows the trainings of a session on standard error until it is closed. */
final class ProgressBar implements AutoCloseable {
  private final TerminalProgress progress;
  private final ProgressListener.Registration registration;

  private ProgressBar(SparkSession spark, boolean terminal) {
    progress = new TerminalProgress(System.err, terminal);
    registration =
        ProgressListener.register(
            spark.sparkContext(),
            state ->
                progress.show(
                    state.epoch(),
                    state.epochs(),
                    state.step(),
                    state.steps(),
                    state.rowsPerSecond(),
                    state.loss()));
  }

  /** A bar where the launcher found a terminal, plain lines elsewhere. */
  static ProgressBar of(SparkSession spark) {
    return new ProgressBar(spark, Boolean.getBoolean("kindling.terminal"));
  }

  @Override
  public void close() {
    registration.close();
    progress.finish();
  }
}
