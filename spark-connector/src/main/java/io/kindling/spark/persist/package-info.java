/**
 * Saving and loading, on any Hadoop file system.
 *
 * <p>An estimator is a directory with {@code metadata/}, Spark ML's own JSON. A model adds {@code
 * network.json} and {@code weights.safetensors}. Both carry {@code formatVersion}. The metadata is
 * written last: a directory that has it is complete.
 *
 * <p>A new estimator returns {@code new EstimatorWriter(this)} from {@code write()} and {@code new
 * EstimatorReader<>(...)} from its static {@code read()}; a new model uses {@code ModelWriter} and
 * {@code ModelReader} the same way. Pipelines then work by themselves.
 */
package io.kindling.spark.persist;
