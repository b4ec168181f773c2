/**
 * What runs inside a Spark application: the images as a DataFrame ({@link
 * io.kindling.bench.spark.ImageTable}) and the two classifiers that learn them ({@link
 * io.kindling.bench.spark.Classifiers}); rows of one column ({@link
 * io.kindling.bench.spark.FeedTable}) and the two ways of making tensors of them ({@link
 * io.kindling.bench.spark.Feeds}).
 */
package io.kindling.bench.spark;
