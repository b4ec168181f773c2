package io.kindling.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.spark.cluster.StandaloneCluster;
import io.kindling.spark.estimator.NeuralNetworkClassifier;
import io.kindling.spark.model.NeuralNetworkClassificationModel;
import io.kindling.spark.resource.ClusterSlots;
import io.kindling.spark.testing.Blobs;
import io.kindling.spark.testing.LocalSpark;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two workers in two executor processes of a real cluster, with authentication on. */
@Timeout(180)
class ClusterTrainingTest {
  private static StandaloneCluster cluster;

  @BeforeAll
  static void start() {
    cluster = StandaloneCluster.start(2);
    SparkSession.builder().config(cluster.conf("cluster training")).getOrCreate();
  }

  @AfterAll
  static void stop() {
    LocalSpark.stop();
    cluster.close();
  }

  private static NeuralNetworkClassifier classifier(String network) {
    return new NeuralNetworkClassifier()
        .setNetwork(network)
        .setNumWorkers(2)
        .setBatchSize(16)
        .setLearningRate(0.02)
        .setMaxEpochs(4);
  }

  @Test
  void twoProcessesTrainAndPredict() {
    Dataset<Row> rows = Blobs.dataset(300, 3);

    NeuralNetworkClassificationModel model = classifier(Blobs.NETWORK).fit(rows);

    assertThat(model.history()).hasSize(4);
    Dataset<Row> predictions = model.transform(rows);
    double accuracy =
        new MulticlassClassificationEvaluator().setMetricName("accuracy").evaluate(predictions);
    assertThat(accuracy).isGreaterThan(0.95);
    assertThat(classifier(Blobs.NETWORK).fit(rows).trained().weights())
        .isEqualTo(model.trained().weights());
  }

  @Test
  void aWorkerThatThrowsIsNamed() {
    assertThatThrownBy(
            () -> classifier(FailingNetwork.spec(1, 2, "throw")).fit(Blobs.dataset(100, 2)))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("worker 1 of 2 failed after step 1 of 7 in epoch 1")
        .hasMessageContaining("this layer is broken");
  }

  @Test
  void aBadRowIsNamed() {
    Dataset<Row> rows = Blobs.dataset(40, 2).withColumn("label", functions.expr("label + 1"));

    assertThatThrownBy(() -> classifier(Blobs.NETWORK).fit(rows))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("column 'label', row ")
        .hasMessageContaining("the label is 3.0");
  }

  @Test
  void anExecutorThatDiesIsReplacedAndTheStageStartsAnew() {
    NeuralNetworkClassificationModel model =
        classifier(FailingNetwork.spec(1, 2, "exit once")).fit(Blobs.dataset(100, 2));

    assertThat(model.history()).hasSize(4);
  }

  @Test
  void moreWorkersThanSlotsIsAnErrorSoon() {
    SparkSession.active().sparkContext().conf().set(ClusterSlots.TIMEOUT, "100ms");
    assertThatThrownBy(() -> classifier(Blobs.NETWORK).setNumWorkers(3).fit(Blobs.dataset(100, 2)))
        .hasMessageContaining("numWorkers is 3")
        .hasMessageContaining("at most 2 tasks");
    SparkSession.active().sparkContext().conf().remove(ClusterSlots.TIMEOUT);
  }
}
