package io.kindling.jobs;

import io.kindling.jobs.conf.NetworkOptions;
import io.kindling.jobs.conf.TableOptions;
import io.kindling.jobs.report.ClassificationReport;
import io.kindling.spark.estimator.NeuralNetworkClassifier;
import io.kindling.spark.model.NeuralNetworkClassificationModel;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Trains a classifier on a table and saves the model. */
@Command(name = "train", description = "Train a network on a table and save the model.")
final class TrainJob extends Job {
  @Mixin TableOptions table;
  @Mixin NetworkOptions network;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "PATH",
      description = "Where to save the model, on any Hadoop file system.")
  String model;

  @Option(names = "--overwrite", description = "Replace what is at --model.")
  boolean overwrite;

  @Option(
      names = "--test-fraction",
      paramLabel = "FRACTION",
      defaultValue = "0",
      description =
          "Hold back this part of the rows and evaluate on it (default: ${DEFAULT-VALUE}).")
  double testFraction;

  @Option(
      names = "--test-seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Decides which rows are held back (default: ${DEFAULT-VALUE}).")
  long testSeed;

  @Override
  int localTasks() {
    return network.workers();
  }

  @Override
  void checkOptions() {
    if (!(testFraction >= 0 && testFraction < 1)) {
      throw new JobException(
          "--test-fraction: expected a number from 0 up to, not including, 1, got " + testFraction);
    }
    network.check();
  }

  @Override
  void run(SparkSession spark) throws Exception {
    OutputPath.require(spark, "--model", model, overwrite, Map.of(TableOptions.DATA, table.data()));
    NeuralNetworkClassifier classifier = network.classifier(spark);
    Dataset<Row> rows = table.read(spark);
    Dataset<Row> train = rows;
    Dataset<Row> test = null;
    if (testFraction > 0) {
      Dataset<Row>[] parts =
          rows.randomSplit(new double[] {1 - testFraction, testFraction}, testSeed);
      train = parts[0];
      test = parts[1];
    }
    NeuralNetworkClassificationModel fitted;
    try (ProgressBar progress = ProgressBar.of(spark)) {
      fitted = classifier.fit(train);
    }
    // First of all, lest a test that fails takes the training with it.
    var writer = fitted.write();
    (overwrite ? writer.overwrite() : writer).save(model);
    if (test != null) {
      evaluate(fitted, test);
    }
    out().println("model saved to " + model);
  }

  private void evaluate(NeuralNetworkClassificationModel fitted, Dataset<Row> test) {
    ClassificationReport report =
        new ClassificationReport(
            fitted.transform(test), fitted.getPredictionCol(), network.labelCol());
    if (report.isEmpty()) {
      out().println("no row was held back to test on; give --test-fraction a larger number");
      return;
    }
    report.print(out());
    out().printf(Locale.ROOT, "test accuracy %.4f%n", report.accuracy());
  }
}
