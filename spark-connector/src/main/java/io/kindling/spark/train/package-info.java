/**
 * Training inside one barrier stage.
 *
 * <p>{@link io.kindling.spark.train.BarrierTraining} is the driver's side. From the outside in:
 *
 * <ol>
 *   <li>{@code WorkerRows} says which rows a worker gets: those of its partition of the dataset,
 *       where they lie, if the dataset has a partition a worker; else {@code RowDealer} deals each
 *       partition's rows, as blocks of numbers, to workers in turn. Rows are checked when they are
 *       read, and read once. {@code RoundedInput} says whether they may be kept as bfloat16;
 *   <li>{@code TrainingTask} is one worker's barrier task: it stores its rows on local disk, joins
 *       the others, builds the network, and reports to the driver;
 *   <li>{@code WorkerTraining} is the loop of epochs and steps, free of Spark; {@code
 *       ZeroRedundancyOptimizer} divides the update of the parameters among the workers.
 * </ol>
 *
 * <p>All state belongs to a task's objects, never to the JVM, as tasks of one run, or of several,
 * may share one. Another way to train (averaging, a regressor's loss) replaces the innermost part.
 */
package io.kindling.spark.train;
