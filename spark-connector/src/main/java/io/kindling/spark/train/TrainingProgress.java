package io.kindling.spark.train;

import java.io.Serializable;

/**
 * How far a training run has come.
 *
 * @param run names the run; several may go on at once
 * @param epoch the epoch under way, from 1
 * @param epochs how many there will be
 * @param step steps of this epoch that are done
 * @param steps how many an epoch has
 * @param rows rows learned since the run began, by all workers
 * @param rowsPerSecond rows learned a second in this epoch, by all workers
 * @param loss mean cross entropy of the last step's rows, on the reporting worker
 */
public record TrainingProgress(
    String run,
    int epoch,
    int epochs,
    int step,
    int steps,
    long rows,
    double rowsPerSecond,
    double loss)
    implements Serializable {
  /** Steps done of all steps there will be, from 0 to 1. */
  public double fraction() {
    return steps == 0 ? 0 : (epoch - 1 + (double) step / steps) / epochs;
  }

  /** Whether this is a later state of the same run than {@code other}. */
  boolean isAfter(TrainingProgress other) {
    return other == null || epoch > other.epoch || (epoch == other.epoch && step >= other.step);
  }
}
