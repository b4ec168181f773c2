package io.kindling.jobs.conf;

import io.kindling.KindlingException;
import io.kindling.jobs.JobException;
import io.kindling.nn.NetworkSpec;
import io.kindling.spark.estimator.NeuralNetworkClassifier;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Option;

/** The network and how it is trained. */
public final class NetworkOptions {
  private static final String NETWORK = "--network";

  @Option(
      names = NETWORK,
      required = true,
      paramLabel = "JSON|FILE",
      description =
          "The network: its JSON, a mapping in the YAML file, or the path of a JSON file.")
  String network;

  @Option(
      names = "--input-shape",
      paramLabel = "N[,N...]",
      description = "Shape of one row's features, such as 1,28,28; by default one dimension.")
  String inputShape;

  @Option(
      names = "--features",
      paramLabel = "COLUMN",
      defaultValue = "features",
      description = "The features column (default: ${DEFAULT-VALUE}).")
  String features;

  @Option(
      names = "--label",
      paramLabel = "COLUMN",
      defaultValue = "label",
      description = "The label column: classes 0, 1, ... (default: ${DEFAULT-VALUE}).")
  String label;

  @Option(
      names = "--validation",
      paramLabel = "COLUMN",
      description = "A boolean column: true marks rows to validate on instead of training.")
  String validation;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "10",
      description = "How often to go over the data (default: ${DEFAULT-VALUE}).")
  int epochs;

  @Option(
      names = "--batch-size",
      paramLabel = "ROWS",
      defaultValue = "64",
      description = "Rows of one step, over all workers (default: ${DEFAULT-VALUE}).")
  int batchSize;

  @Option(
      names = "--learning-rate",
      paramLabel = "RATE",
      defaultValue = "0.001",
      description = "Step size (default: ${DEFAULT-VALUE}).")
  double learningRate;

  @Option(
      names = "--optimizer",
      paramLabel = "NAME",
      defaultValue = "adam",
      description = "adam, adamw or sgd (default: ${DEFAULT-VALUE}).")
  String optimizer;

  @Option(
      names = "--weight-decay",
      paramLabel = "RATE",
      defaultValue = "0",
      description = "L2 penalty (default: ${DEFAULT-VALUE}).")
  double weightDecay;

  @Option(
      names = "--workers",
      paramLabel = "N",
      defaultValue = "1",
      description = "Tasks that train together (default: ${DEFAULT-VALUE}).")
  int workers;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "42",
      description =
          "The same seed, data and workers give the same model (default: ${DEFAULT-VALUE}).")
  long seed;

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      defaultValue = "auto",
      description = "cpu, cuda or auto (default: ${DEFAULT-VALUE}).")
  String device;

  @Option(
      names = "--precision",
      paramLabel = "TYPE",
      defaultValue = "float32",
      description =
          "float32, or bfloat16, with which only weights and losses are float32 (default:"
              + " ${DEFAULT-VALUE}).")
  String precision;

  public int workers() {
    return workers;
  }

  public String labelCol() {
    return label;
  }

  /**
   * Looks at the values, as far as they can be judged without reading a file.
   *
   * @throws JobException naming the option, what it is, and what it could be
   */
  public void check() {
    if (isJson()) {
      set(NETWORK, () -> NetworkSpec.parse(network));
    }
    estimator();
  }

  /** The estimator that these options describe. */
  public NeuralNetworkClassifier classifier(SparkSession spark) {
    NeuralNetworkClassifier classifier = estimator();
    String json = networkJson(spark);
    set(NETWORK, () -> NetworkSpec.parse(json));
    return classifier.setNetwork(json);
  }

  /** All but the network. */
  private NeuralNetworkClassifier estimator() {
    NeuralNetworkClassifier made = new NeuralNetworkClassifier().setSeed(seed);
    set("--features", () -> made.setFeaturesCol(features));
    set("--label", () -> made.setLabelCol(label));
    set("--epochs", () -> made.setMaxEpochs(epochs));
    set("--batch-size", () -> made.setBatchSize(batchSize));
    set("--learning-rate", () -> made.setLearningRate(learningRate));
    set("--optimizer", () -> made.setOptimizer(optimizer));
    set("--weight-decay", () -> made.setWeightDecay(weightDecay));
    set("--workers", () -> made.setNumWorkers(workers));
    set("--device", () -> made.setDevice(device));
    set("--precision", () -> made.setPrecision(precision));
    if (inputShape != null) {
      set("--input-shape", () -> made.setInputShape(shape()));
    }
    if (validation != null) {
      set("--validation", () -> made.setValidationIndicatorCol(validation));
    }
    return made;
  }

  private static void set(String option, Runnable setter) {
    try {
      setter.run();
    } catch (KindlingException e) {
      throw new JobException(option + ": " + e.getMessage(), e);
    }
  }

  private boolean isJson() {
    return network.strip().startsWith("{");
  }

  private String networkJson(SparkSession spark) {
    if (isJson()) {
      return network;
    }
    Path path = new Path(network);
    try {
      FileSystem files = path.getFileSystem(spark.sparkContext().hadoopConfiguration());
      try (var stream = files.open(path)) {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      }
    } catch (IOException e) {
      throw new JobException(
          NETWORK
              + ": '"
              + network
              + "' is neither JSON nor a file that can be read: "
              + e.getMessage(),
          e);
    }
  }

  private int[] shape() {
    try {
      return Arrays.stream(inputShape.replaceAll("[\\[\\] ]", "").split(","))
          .mapToInt(Integer::parseInt)
          .toArray();
    } catch (NumberFormatException e) {
      throw new JobException("'" + inputShape + "' is no list of sizes; write 1,28,28", e);
    }
  }
}
