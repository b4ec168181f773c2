package io.kindling.spark.feed;

/**
 * A checked row on its way to a worker's file. The next row may have its features in the same
 * array, so whoever keeps them copies them.
 *
 * @param features as many finite values as the network's input has
 * @param label the class, from 0
 * @param validation whether the row is held back from training
 * @param partition of the source, before any shuffle
 * @param index of the row in that partition
 */
public record FeedRow(
    float[] features, long label, boolean validation, int partition, long index) {}
