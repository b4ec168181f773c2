package io.kindling.spark.train;

/** What a worker's training tells the one who runs it, and is told by it. */
interface TrainingMonitor {
  /**
   * Called before every step and validation batch.
   *
   * @throws RuntimeException to end the training, as when the task was killed
   */
  default void checkAlive() {}

  /** Called after every step on every worker. */
  default void onProgress(TrainingProgress progress) {}

  /** Called after every epoch on every worker. */
  default void onEpoch(EpochResult result) {}
}
