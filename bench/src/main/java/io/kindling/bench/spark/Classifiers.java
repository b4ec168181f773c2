package io.kindling.bench.spark;

import io.kindling.bench.model.NetworkCase;
import io.kindling.bench.model.Suites;
import io.kindling.spark.estimator.NeuralNetworkClassifier;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Both sides, as a user would write them: layers of 784, 512, 256 and 10. */
public final class Classifiers {
  private static final int[] LAYERS = {784, 512, 256, 10};
  private static final long SEED = 42;

  /** Of all workers together. */
  private static final int BATCH = 8192;

  private static final double LEARNING_RATE = 4e-3;

  private Classifiers() {}

  /** Learns the column {@code label} from {@code features}. */
  @FunctionalInterface
  public interface Learner {
    /**
     * @param passes over the rows: epochs, or iterations of L-BFGS
     * @return the model, which has Spark ML's three output columns
     */
    Transformer fit(Dataset<Row> rows, int passes);
  }

  /**
   * Kindling's, with ReLU and Adam, on as many workers as there are slots. Accuracy decides, so the
   * network runs in bfloat16.
   */
  public static Learner ours(int workers) {
    String network = ((NetworkCase) Suites.of("train", "perceptron")).json();
    return (rows, passes) ->
        new NeuralNetworkClassifier()
            .setNetwork(network)
            .setBatchSize(BATCH)
            .setLearningRate(LEARNING_RATE)
            .setMaxEpochs(passes)
            .setNumWorkers(workers)
            .setSeed(SEED)
            .setPrecision("bfloat16")
            .fit(rows);
  }

  /** Spark ML's, with all its defaults: logistic units, L-BFGS, blocks of 128 rows. */
  public static Learner peer() {
    return (rows, passes) ->
        new MultilayerPerceptronClassifier()
            .setLayers(LAYERS)
            .setMaxIter(passes)
            .setTol(0) // all of the iterations
            .setSeed(SEED)
            .fit(rows);
  }
}
