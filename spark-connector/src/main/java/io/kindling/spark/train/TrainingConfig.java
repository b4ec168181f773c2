package io.kindling.spark.train;

import io.kindling.tensor.DType;
import java.io.Serializable;

/**
 * What a training run does, as every worker is told.
 *
 * @param network the network's JSON
 * @param inputShape shape of one row's features, without the batch
 * @param numClasses how many classes the network tells apart: the width of its output
 * @param batchSize rows of one step, of all workers together; at least one a worker
 * @param maxEpochs how often training goes through the rows
 * @param learningRate the optimizer's step size
 * @param optimizer {@code sgd}, {@code adam} or {@code adamw}
 * @param weightDecay the optimizer's weight decay
 * @param seed of initial weights, order of rows and dropout
 * @param numWorkers how many tasks train together
 * @param device {@code auto}, {@code cpu} or {@code cuda}
 * @param precision {@code float32} or {@code bfloat16}
 * @param inputType the type that the network's input may have in that precision, see {@link
 *     RoundedInput}
 */
@SuppressWarnings("ArrayRecordComponent")
public record TrainingConfig(
    String network,
    long[] inputShape,
    int numClasses,
    int batchSize,
    int maxEpochs,
    double learningRate,
    String optimizer,
    double weightDecay,
    long seed,
    int numWorkers,
    String device,
    String precision,
    DType inputType)
    implements Serializable {}
