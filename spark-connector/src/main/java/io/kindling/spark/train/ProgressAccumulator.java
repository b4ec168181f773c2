package io.kindling.spark.train;

import org.apache.spark.util.AccumulatorV2;

/**
 * Carries a run's progress to the driver. Spark sends accumulators with every heartbeat of an
 * executor, so a running task is seen without a channel of its own; how often is {@code
 * spark.executor.heartbeatInterval}.
 */
final class ProgressAccumulator extends AccumulatorV2<TrainingProgress, TrainingProgress> {
  private static final long serialVersionUID = 1L;

  /** The accumulator's name, by which listeners know it. */
  static final String NAME = "kindling.training.progress";

  // Written by the training thread, read by the heartbeat's.
  private volatile TrainingProgress latest;

  @Override
  public boolean isZero() {
    return latest == null;
  }

  @Override
  public AccumulatorV2<TrainingProgress, TrainingProgress> copy() {
    ProgressAccumulator copy = new ProgressAccumulator();
    copy.latest = latest;
    return copy;
  }

  @Override
  public void reset() {
    latest = null;
  }

  @Override
  public void add(TrainingProgress progress) {
    latest = progress;
  }

  @Override
  public void merge(AccumulatorV2<TrainingProgress, TrainingProgress> other) {
    TrainingProgress theirs = other.value();
    if (theirs != null && theirs.isAfter(latest)) {
      latest = theirs;
    }
  }

  @Override
  public TrainingProgress value() {
    return latest;
  }
}
