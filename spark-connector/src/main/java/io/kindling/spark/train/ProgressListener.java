package io.kindling.spark.train;

import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Is told on the driver how training goes on, for a bar or a log.
 *
 * <pre>{@code
 * try (var registration = ProgressListener.register(sparkContext, bar::draw)) {
 *   estimator.fit(rows);
 * }
 * }</pre>
 */
@FunctionalInterface
public interface ProgressListener {
  /**
   * Called on Spark's listener thread with each state that reaches the driver: as often as
   * executors send heartbeats, and when a worker has finished.
   */
  void onProgress(TrainingProgress progress);

  /** Tells {@code listener} about all runs of this application until the result is closed. */
  static Registration register(SparkContext context, ProgressListener listener) {
    SparkListener adapter = new Adapter(listener);
    context.addSparkListener(adapter);
    return () -> context.removeSparkListener(adapter);
  }

  /** Ends the listening. */
  @FunctionalInterface
  interface Registration extends AutoCloseable {
    @Override
    void close();
  }

  /** Picks progress out of Spark's events. */
  final class Adapter extends SparkListener {
    private final ProgressListener listener;

    private Adapter(ProgressListener listener) {
      this.listener = listener;
    }

    @Override
    public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate event) {
      CollectionConverters.asJava(event.accumUpdates())
          .forEach(task -> CollectionConverters.asJava(task._4()).forEach(this::pass));
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd event) {
      if (event.taskInfo() != null) {
        CollectionConverters.asJava(event.taskInfo().accumulables()).forEach(this::pass);
      }
    }

    private void pass(AccumulableInfo info) {
      if (info.name().contains(ProgressAccumulator.NAME)
          && info.update().isDefined()
          && info.update().get() instanceof TrainingProgress progress) {
        listener.onProgress(progress);
      }
    }
  }
}
