package io.kindling.spark.estimator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kindling.spark.model.NeuralNetworkClassificationModel;
import io.kindling.spark.testing.Blobs;
import io.kindling.spark.train.EpochResult;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.IndexToString;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.StringIndexerModel;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class NeuralNetworkClassifierTest {
  private static NeuralNetworkClassifier classifier() {
    return new NeuralNetworkClassifier()
        .setNetwork(Blobs.NETWORK)
        .setBatchSize(16)
        .setMaxEpochs(5)
        .setLearningRate(0.02);
  }

  private static double accuracy(Dataset<Row> predictions) {
    return new MulticlassClassificationEvaluator().setMetricName("accuracy").evaluate(predictions);
  }

  @Test
  void twoWorkersLearnAndTheModelPredicts() {
    Dataset<Row> rows = Blobs.dataset(300, 3);
    NeuralNetworkClassifier estimator =
        classifier().setNumWorkers(2).setValidationIndicatorCol("held");

    NeuralNetworkClassificationModel model = estimator.fit(rows);

    assertThat(model.parent()).isSameAs(estimator);
    assertThat(model.uid()).isEqualTo(estimator.uid());
    assertThat(model.numClasses()).isEqualTo(Blobs.CLASSES);
    assertThat(model.getInputShape()).containsExactly(Blobs.WIDTH);
    assertThat(model.history()).extracting(EpochResult::epoch).containsExactly(1, 2, 3, 4, 5);
    EpochResult last = model.history().get(4);
    assertThat(last.trainLoss()).isLessThan(0.3);
    assertThat(last.validationAccuracy()).isGreaterThan(0.95);

    Dataset<Row> predictions = model.transform(rows);
    assertThat(predictions.columns())
        .containsExactly(
            "id", "features", "label", "held", "rawPrediction", "probability", "prediction");
    assertThat(accuracy(predictions)).isGreaterThan(0.95);
    double heldAccuracy = accuracy(predictions.where("held"));
    assertThat(heldAccuracy).isEqualTo(last.validationAccuracy());
  }

  @Test
  void outputsAreRawScoresTheirSoftmaxAndTheLargest() {
    Dataset<Row> rows = Blobs.dataset(40, 2);
    NeuralNetworkClassificationModel model = classifier().fit(rows);

    for (Row row : model.transform(rows).collectAsList()) {
      double[] raw = row.<Vector>getAs("rawPrediction").toArray();
      double[] probability = row.<Vector>getAs("probability").toArray();
      double sum = 0;
      int largest = 0;
      for (int i = 0; i < raw.length; i++) {
        sum += Math.exp(raw[i]);
        largest = raw[i] > raw[largest] ? i : largest;
      }
      for (int i = 0; i < raw.length; i++) {
        assertThat(probability[i]).isCloseTo(Math.exp(raw[i]) / sum, within(1e-12));
      }
      assertThat(row.<Double>getAs("prediction")).isEqualTo(largest);
    }
  }

  @Test
  void columnsWithAnEmptyNameAreLeftOut() {
    Dataset<Row> rows = Blobs.dataset(20, 1);
    NeuralNetworkClassificationModel model = classifier().setMaxEpochs(1).fit(rows);

    Dataset<Row> predictions =
        model.setRawPredictionCol("").setProbabilityCol("").setPredictionCol("p").transform(rows);
    assertThat(predictions.columns()).containsExactly("id", "features", "label", "held", "p");
    assertThat(predictions.select("p").takeAsList(1).get(0).getDouble(0)).isBetween(0.0, 2.0);
    assertThat(model.setPredictionCol("").transform(rows).columns())
        .containsExactly("id", "features", "label", "held");
  }

  @Test
  void theSameSeedAndPartitionsGiveTheSameBits() {
    NeuralNetworkClassifier estimator = classifier().setNumWorkers(2).setMaxEpochs(2);
    for (int partitions : new int[] {2, 3}) {
      Dataset<Row> rows = Blobs.dataset(100, partitions);
      byte[] once = estimator.setSeed(42).fit(rows).trained().weights();

      assertThat(estimator.fit(rows).trained().weights()).isEqualTo(once);
      assertThat(estimator.fit(Blobs.dataset(100, partitions)).trained().weights()).isEqualTo(once);
      assertThat(estimator.setSeed(43).fit(rows).trained().weights()).isNotEqualTo(once);
    }
  }

  @Test
  void everyOptimizerLearns() {
    Dataset<Row> rows = Blobs.dataset(120, 2);
    for (String optimizer : List.of("sgd", "adam", "adamw")) {
      List<EpochResult> history =
          classifier().setOptimizer(optimizer).setWeightDecay(1e-4).fit(rows).history();
      assertThat(history.get(4).trainLoss())
          .as(optimizer)
          .isLessThan(0.9 * history.get(0).trainLoss());
    }
  }

  @Test
  void arraysAndNumbersAreFeaturesToo() {
    Dataset<Row> rows = Blobs.dataset(120, 2);
    Dataset<Row> arrays =
        rows.withColumn(
            "features",
            org.apache.spark.ml.functions.vector_to_array(functions.col("features"), "float32"));
    byte[] fromVectors = classifier().fit(rows).trained().weights();

    assertThat(classifier().fit(arrays).trained().weights()).isEqualTo(fromVectors);
    Dataset<Row> numbers = rows.withColumn("features", functions.col("label"));
    NeuralNetworkClassificationModel model =
        classifier().setMaxEpochs(30).setLearningRate(0.05).fit(numbers);
    assertThat(model.getInputShape()).containsExactly(1);
    assertThat(accuracy(model.transform(numbers))).isGreaterThan(0.9);
  }

  @Test
  void imagesGoThroughConvolutions() {
    String network =
        """
        {"layers": [
          {"type": "Conv2d", "outChannels": 4, "kernelSize": 2, "padding": 1},
          {"type": "ReLU"},
          {"type": "MaxPool2d", "kernelSize": 2},
          {"type": "Flatten"},
          {"type": "Linear", "outFeatures": 3}]}
        """;
    Dataset<Row> rows = Blobs.dataset(150, 2);

    NeuralNetworkClassificationModel model =
        classifier().setNetwork(network).setInputShape(1, 2, 2).setMaxEpochs(10).fit(rows);

    assertThat(accuracy(model.transform(rows))).isGreaterThan(0.9);
  }

  @Test
  void aPipelineOfItsStagesTrainsAndPredictsNamesOfClasses() {
    Dataset<Row> rows =
        Blobs.dataset(200, 2)
            .withColumn(
                "kind",
                functions.element_at(
                    functions.lit(new String[] {"x", "y", "z"}),
                    functions.col("label").cast("int").plus(1)))
            .withColumn("all", functions.col("features"))
            .drop("features", "label");
    StringIndexerModel indexer =
        new StringIndexer().setInputCol("kind").setOutputCol("label").fit(rows);
    Pipeline pipeline =
        new Pipeline()
            .setStages(
                new PipelineStage[] {
                  indexer,
                  new VectorAssembler().setInputCols(new String[] {"all"}).setOutputCol("features"),
                  classifier().setMaxEpochs(8),
                  new IndexToString()
                      .setInputCol("prediction")
                      .setOutputCol("predicted")
                      .setLabels(indexer.labelsArray()[0])
                });

    PipelineModel model = pipeline.fit(rows);

    Dataset<Row> predictions = model.transform(rows);
    assertThat(accuracy(predictions)).isGreaterThan(0.95);
    long same = predictions.where("predicted = kind").count();
    assertThat(same).isGreaterThan(190);
    // What StringIndexer says about the label must survive the model, for stages that come after.
    assertThat(predictions.schema().apply("label").metadata())
        .isEqualTo(indexer.transform(rows).schema().apply("label").metadata());
  }

  @Test
  void crossValidationFindsTheBetterLearningRate() {
    NeuralNetworkClassifier estimator = classifier().setMaxEpochs(3).setNumWorkers(2);
    ParamMap[] grid =
        new ParamGridBuilder().addGrid(estimator.learningRate(), new double[] {1e-6, 0.03}).build();

    CrossValidatorModel model =
        new CrossValidator()
            .setEstimator(estimator)
            .setEstimatorParamMaps(grid)
            .setEvaluator(new MulticlassClassificationEvaluator().setMetricName("accuracy"))
            .setNumFolds(2)
            .setSeed(1)
            .fit(Blobs.dataset(150, 2));

    assertThat(model.avgMetrics()[1]).isGreaterThan(model.avgMetrics()[0]).isGreaterThan(0.9);
    assertThat(((NeuralNetworkClassificationModel) model.bestModel()).getLearningRate())
        .isEqualTo(0.03);
  }

  @Test
  void aDatasetSmallerThanTheWorkersAndEmptyPartitionsWork() {
    NeuralNetworkClassificationModel model =
        classifier().setNumWorkers(2).setMaxEpochs(1).fit(Blobs.dataset(1, 4));

    assertThat(model.history()).hasSize(1);
    assertThat(model.transform(Blobs.dataset(3, 8)).count()).isEqualTo(3);
    assertThat(model.transform(Blobs.dataset(0, 2)).collectAsList()).isEmpty();
  }

  @Test
  void moreWorkersThanTheClusterRunsAtOnceIsAnErrorAtOnce() {
    assertThatThrownBy(() -> classifier().setNumWorkers(3).fit(Blobs.dataset(30, 2)))
        .hasMessageContaining("numWorkers is 3")
        .hasMessageContaining("at most 2 tasks at once");
  }
}
