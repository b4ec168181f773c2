package io.kindling.jobs;

import io.kindling.jobs.report.ClassificationReport;
import io.kindling.jobs.report.TextImage;
import io.kindling.spark.estimator.NeuralNetworkClassifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.SQLTransformer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The whole way once, on real handwritten digits: read, train with two workers, evaluate, save,
 * load, predict.
 */
@Command(
    name = "quickstart",
    description = "Train on handwritten digits, evaluate, save, load and predict.")
final class QuickstartJob extends Job {
  private static final int PICTURES = 4;

  private static final String NETWORK =
      """
      {"layers": [
        {"type": "Conv2d", "outChannels": 16, "kernelSize": 3, "padding": 1},
        {"type": "ReLU"},
        {"type": "MaxPool2d", "kernelSize": 2},
        {"type": "Conv2d", "outChannels": 32, "kernelSize": 3, "padding": 1},
        {"type": "ReLU"},
        {"type": "MaxPool2d", "kernelSize": 2},
        {"type": "Flatten"},
        {"type": "Linear", "outFeatures": 64},
        {"type": "ReLU"},
        {"type": "Linear", "outFeatures": 10}
      ]}
      """;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "A folder with the four IDX files of MNIST or Fashion-MNIST, instead of the digits that"
              + " come with Kindling.")
  String data;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "Where the model and the predictions go (default: out/quickstart).")
  String output;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "How often to go over the data (default: 20, or 3 with --data).")
  Integer epochs;

  @Option(
      names = "--workers",
      paramLabel = "N",
      defaultValue = "2",
      description = "Tasks that train together (default: ${DEFAULT-VALUE}).")
  int workers;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "42",
      description = "The same seed gives the same model (default: ${DEFAULT-VALUE}).")
  long seed;

  /** The rows and what the network must know of them. */
  private record Task(Dataset<Row> train, Dataset<Row> test, int side, int maximum, int epochs) {}

  @Override
  int localTasks() {
    return workers;
  }

  @Override
  void checkOptions() {
    requireAtLeastOne("--workers", workers);
    requireAtLeastOne("--epochs", epochs == null ? 1 : epochs);
  }

  private static void requireAtLeastOne(String option, int value) {
    if (value < 1) {
      throw new JobException(option + ": expected a whole number of at least 1, got " + value);
    }
  }

  @Override
  void run(SparkSession spark) throws Exception {
    long started = System.nanoTime();
    String folder = output == null ? home().resolve("out/quickstart").toString() : output;
    String modelPath = folder + "/model";
    String predictionsPath = folder + "/predictions";
    OutputPath.require(spark, "--output", modelPath, true, inputs());
    OutputPath.require(spark, "--output", predictionsPath, true, inputs());
    Task task = data == null ? digits(spark) : images(spark);
    out()
        .printf(
            "%d images to train on, %d to test on, %d x %d pixels%n",
            task.train.count(), task.test.count(), task.side, task.side);

    PipelineModel fitted;
    try (ProgressBar progress = ProgressBar.of(spark)) {
      fitted = pipeline(task).fit(task.train);
    }
    Dataset<Row> evaluated = fitted.transform(task.test);
    ClassificationReport report = new ClassificationReport(evaluated, "prediction", "label");
    report.print(out());
    out().printf(Locale.ROOT, "test accuracy %.4f%n", report.accuracy());

    fitted.write().overwrite().save(modelPath);
    PipelineModel loaded = PipelineModel.load(modelPath);
    loaded
        .transform(task.test)
        .select("id", "pixels", "label", "probability", "prediction")
        .write()
        .mode(SaveMode.Overwrite)
        .parquet(predictionsPath);
    show(spark.read().parquet(predictionsPath), task);
    out().println("model        " + modelPath);
    out().println("predictions  " + predictionsPath);
    out().printf(Locale.ROOT, "all of it took %.0f seconds%n", (System.nanoTime() - started) / 1e9);
  }

  private Map<String, String> inputs() {
    return data == null ? Map.of() : Map.of("--data", data);
  }

  /** Pixels scaled to 0 ... 1, then the network. */
  private Pipeline pipeline(Task task) {
    SQLTransformer scale =
        new SQLTransformer()
            .setStatement(
                "SELECT *, transform(pixels, p -> float(p / "
                    + task.maximum
                    + ")) AS features"
                    + " FROM __THIS__");
    NeuralNetworkClassifier classifier =
        new NeuralNetworkClassifier()
            .setNetwork(NETWORK)
            .setInputShape(new int[] {1, task.side, task.side})
            .setFeaturesCol("features")
            .setLabelCol("label")
            .setBatchSize(64)
            .setMaxEpochs(epochs != null ? epochs : task.epochs)
            .setLearningRate(0.002)
            .setNumWorkers(workers)
            .setSeed(seed);
    return new Pipeline().setStages(new PipelineStage[] {scale, classifier});
  }

  /** 1,797 images of 8 x 8 pixels in 0 ... 16; every fifth is kept for the test. */
  private Task digits(SparkSession spark) {
    Path file = home().resolve("examples/01-digits/digits.parquet");
    if (!Files.exists(file)) {
      throw new JobException(
          "the digits are missing (expected "
              + file
              + "); run bin/kindling from a checkout, or pass"
              + " --data");
    }
    Dataset<Row> rows = spark.read().parquet(file.toUri().toString());
    return new Task(rows.where("id % 5 != 0"), rows.where("id % 5 = 0"), 8, 16, 20);
  }

  /** The files of MNIST's format, by the names they are distributed under. */
  private Task images(SparkSession spark) throws IOException {
    Dataset<Row> train = IdxTable.read(spark, data, "train", workers);
    Dataset<Row> test = IdxTable.read(spark, data, "t10k", workers);
    int pixels = train.first().getList(train.schema().fieldIndex("pixels")).size();
    int side = (int) Math.round(Math.sqrt(pixels));
    if (side * side != pixels) {
      throw new JobException(
          "--data: the images in " + data + " have " + pixels + " pixels and are not square");
    }
    return new Task(train, test, side, 255, 3);
  }

  /** A few predictions with their pictures: the first, and the first wrong ones. */
  private void show(Dataset<Row> predictions, Task task) {
    List<Row> rows = new ArrayList<>();
    rows.addAll(
        predictions.where("label = prediction").orderBy("id").limit(PICTURES / 2).collectAsList());
    rows.addAll(
        predictions
            .where("label != prediction")
            .orderBy("id")
            .limit(PICTURES - rows.size())
            .collectAsList());
    List<List<String>> pictures = new ArrayList<>();
    List<String> captions = new ArrayList<>();
    for (Row row : rows) {
      double[] pixels =
          row.<Number>getList(row.fieldIndex("pixels")).stream()
              .mapToDouble(Number::doubleValue)
              .toArray();
      pictures.add(TextImage.lines(pixels, task.side, task.side, task.maximum));
      captions.add(
          String.format(
              Locale.ROOT,
              "is %d, predicted %.0f",
              row.<Number>getAs("label").intValue(),
              row.<Number>getAs("prediction").doubleValue()));
    }
    TextImage.beside(pictures, captions).forEach(out()::println);
  }

  private static Path home() {
    return Path.of(System.getProperty("kindling.home", "."));
  }
}
