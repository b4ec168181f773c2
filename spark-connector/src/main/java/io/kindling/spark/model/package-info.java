/**
 * Models: what an estimator's fit returns and what a saved directory loads as.
 *
 * <p>{@link io.kindling.spark.model.TrainedNetwork} is what a model consists of, {@link
 * io.kindling.spark.model.LoadedNetworks} keeps one copy of it in a JVM for all tasks, and a
 * predictor such as {@code ClassPredictor} runs it over a partition in batches. To add a model
 * write the Model class with its Params and the predictor that makes its columns.
 */
package io.kindling.spark.model;
