package io.kindling.spark.train;

import java.io.Serializable;

/**
 * How a worker's task ended, for the driver. A failure that would come again is a result, not an
 * exception: Spark would run a stage that throws three more times.
 *
 * @param result what rank 0 brings back, or null
 * @param failure why training cannot work, or null
 */
record Outcome(TrainingResult result, TrainingException failure) implements Serializable {}
