package io.kindling.spark.param;

import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;

/**
 * The Params of an estimator that trains a network, and of its model. Spark finds a Param by
 * looking for public methods that return one, so each has its method here; {@link NetworkParamSet}
 * says what it means.
 */
public interface NetworkParams extends Params {
  /** Where this instance keeps its Params; made in its constructor. */
  NetworkParamSet paramSet();

  default Param<String> network() {
    return paramSet().network;
  }

  default String getNetwork() {
    return getOrDefault(network());
  }

  default IntArrayParam inputShape() {
    return paramSet().inputShape;
  }

  default int[] getInputShape() {
    return getOrDefault(inputShape());
  }

  default Param<String> featuresCol() {
    return paramSet().featuresCol;
  }

  default String getFeaturesCol() {
    return getOrDefault(featuresCol());
  }

  default Param<String> labelCol() {
    return paramSet().labelCol;
  }

  default String getLabelCol() {
    return getOrDefault(labelCol());
  }

  default Param<String> predictionCol() {
    return paramSet().predictionCol;
  }

  default String getPredictionCol() {
    return getOrDefault(predictionCol());
  }

  default Param<String> probabilityCol() {
    return paramSet().probabilityCol;
  }

  default String getProbabilityCol() {
    return getOrDefault(probabilityCol());
  }

  default Param<String> rawPredictionCol() {
    return paramSet().rawPredictionCol;
  }

  default String getRawPredictionCol() {
    return getOrDefault(rawPredictionCol());
  }

  default Param<String> validationIndicatorCol() {
    return paramSet().validationIndicatorCol;
  }

  default String getValidationIndicatorCol() {
    return getOrDefault(validationIndicatorCol());
  }

  default IntParam batchSize() {
    return paramSet().batchSize;
  }

  default int getBatchSize() {
    return (int) getOrDefault(batchSize());
  }

  default IntParam maxEpochs() {
    return paramSet().maxEpochs;
  }

  default int getMaxEpochs() {
    return (int) getOrDefault(maxEpochs());
  }

  default DoubleParam learningRate() {
    return paramSet().learningRate;
  }

  default double getLearningRate() {
    return (double) getOrDefault(learningRate());
  }

  default Param<String> optimizer() {
    return paramSet().optimizer;
  }

  default String getOptimizer() {
    return getOrDefault(optimizer());
  }

  default DoubleParam weightDecay() {
    return paramSet().weightDecay;
  }

  default double getWeightDecay() {
    return (double) getOrDefault(weightDecay());
  }

  default LongParam seed() {
    return paramSet().seed;
  }

  default long getSeed() {
    return (long) getOrDefault(seed());
  }

  default IntParam numWorkers() {
    return paramSet().numWorkers;
  }

  default int getNumWorkers() {
    return (int) getOrDefault(numWorkers());
  }

  default Param<String> device() {
    return paramSet().device;
  }

  default String getDevice() {
    return getOrDefault(device());
  }

  default Param<String> precision() {
    return paramSet().precision;
  }

  default String getPrecision() {
    return getOrDefault(precision());
  }
}
