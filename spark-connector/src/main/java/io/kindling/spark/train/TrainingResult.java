package io.kindling.spark.train;

import java.io.Serializable;
import java.util.List;

/**
 * What a training run gives back.
 *
 * @param weights the trained network's state as a safetensors file
 * @param history one entry an epoch
 */
@SuppressWarnings("ArrayRecordComponent")
public record TrainingResult(byte[] weights, List<EpochResult> history) implements Serializable {}
