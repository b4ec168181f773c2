/**
 * Training inside one barrier stage.
 *
 * <p>{@link io.kindling.spark.train.BarrierTraining} is the driver's side. From the outside in:
 *
 * <ol>
 *   <li>{@code RowDealer} turns each source partition's rows into blocks of numbers, checking them,
 *       and deals them to workers: row r of the global order goes to worker {@code r % numWorkers};
 *   <li>{@code TrainingTask} is one worker's barrier task: it stores its rows on local disk, joins
 *       the others, builds the network, and reports to the driver;
 *   <li>{@code WorkerTraining} is the loop of epochs and steps, free of Spark.
 * </ol>
 *
 * <p>All state belongs to a task's objects, never to the JVM, as tasks of one run, or of several,
 * may share one. Another way to train (averaging, a regressor's loss) replaces the innermost part.
 */
package io.kindling.spark.train;
