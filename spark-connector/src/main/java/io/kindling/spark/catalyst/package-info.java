/**
 * Prediction as an operator of Spark SQL, so that rows stay in Spark's own binary form and a plan
 * with a network in it works wherever plans do: joins, caches, streams, adaptive execution.
 *
 * <p>{@link io.kindling.spark.catalyst.Predict} is the logical operator; {@link
 * io.kindling.spark.catalyst.Predict#columns} puts it on a dataset. {@code PredictStrategy} plans
 * it as {@code PredictExec}, which runs a {@link io.kindling.spark.catalyst.RowPredictor} over each
 * partition. {@link io.kindling.spark.catalyst.KindlingExtensions} makes the strategy known to
 * every session.
 *
 * <p>A new kind of model writes a {@code RowPredictor} and nothing here.
 */
package io.kindling.spark.catalyst;
