/**
 * From rows to tensors. {@link io.kindling.spark.feed.FeatureColumn} and {@link
 * io.kindling.spark.feed.LabelColumn} say what a column holds and turn a row's value into numbers;
 * {@link io.kindling.spark.feed.LocalBatches} keeps a worker's rows in an Arrow file on its own
 * disk, from which each batch is gathered. Features lie there in the type in which the network
 * reads them: float32, or bfloat16, rounded once (ADR 9), in half the bytes.
 *
 * <p>The rules for bad rows are the same everywhere: a null, a value that is not a finite float32,
 * a list of the wrong length and a label that is no class are refused, never repaired, by a {@link
 * io.kindling.spark.feed.RefusedRowException} that names the column, the row and the remedy.
 *
 * <p>To take a new type of column, add it to {@code FeatureColumn.of} and to {@link
 * io.kindling.spark.feed.FeatureValues}.
 */
package io.kindling.spark.feed;
