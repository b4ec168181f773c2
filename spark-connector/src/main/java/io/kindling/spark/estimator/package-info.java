/**
 * Estimators: Spark ML's {@code fit}. An estimator checks its Params and columns, hands the rows to
 * {@code io.kindling.spark.train}, and makes a model of {@code io.kindling.spark.model} from what
 * comes back; the mathematics is in neither.
 *
 * <p>To add one, write the pair: an estimator here that names its loss and its output, and its
 * model; {@code NeuralNetworkClassifier} is the pattern.
 */
package io.kindling.spark.estimator;
