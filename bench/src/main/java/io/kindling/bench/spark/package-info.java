/**
 * What runs inside a Spark application: the images as a DataFrame ({@link
 * io.kindling.bench.spark.ImageTable}) and the two classifiers that learn them ({@link
 * io.kindling.bench.spark.Classifiers}).
 */
package io.kindling.bench.spark;
