package io.kindling.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.spark.cluster.StandaloneCluster;
import io.kindling.spark.estimator.NeuralNetworkClassifier;
import io.kindling.spark.model.NeuralNetworkClassificationModel;
import io.kindling.spark.resource.ClusterSlots;
import io.kindling.spark.testing.Blobs;
import io.kindling.spark.testing.LocalSpark;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.BlockManagerId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import scala.Tuple2;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;

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

  /** Each executor has one core, so one of the workers must go where its rows are not. */
  @Test
  void rowsThatAllPreferOneExecutorAreTrainedOnTwo() {
    SparkContext context = SparkSession.active().sparkContext();
    List<BlockManagerId> executors =
        CollectionConverters.asJava(SparkEnv.get().blockManager().master().getMemoryStatus())
            .keySet()
            .stream()
            .filter(id -> !id.isDriver())
            .toList();
    String first = executors.get(0).executorId();
    String place = "executor_" + executors.get(0).host() + "_" + first;
    Dataset<Row> plain = Blobs.dataset(60, 2);
    List<Tuple2<List<Row>, Seq<String>>> placed = new ArrayList<>();
    for (int begin = 0; begin < 60; begin += 30) {
      List<Row> own = new ArrayList<>(Blobs.rows(60).subList(begin, begin + 30));
      placed.add(new Tuple2<>(own, CollectionConverters.asScala(List.of(place)).toSeq()));
    }
    JavaRDD<Row> rows =
        context
            .makeRDD(
                CollectionConverters.asScala(placed).toSeq(), ClassTag.<List<Row>>apply(List.class))
            .toJavaRDD()
            .flatMap(List::iterator);
    Dataset<Row> uncached = SparkSession.active().createDataFrame(rows, plain.schema());
    Dataset<Row> cached = SparkSession.active().createDataFrame(rows, plain.schema()).cache();
    context.conf().set("spark.locality.wait", "60s"); // so that one comes after the other
    assertThat(cached.javaRDD().mapPartitions(own -> executor()).collect())
        .containsExactly(first, first);
    context.conf().set("spark.locality.wait", "500ms");
    NeuralNetworkClassifier once = classifier(Blobs.NETWORK).setMaxEpochs(1);
    byte[] weights = once.fit(plain).trained().weights();

    assertThat(once.fit(cached).trained().weights()).isEqualTo(weights);
    assertThat(once.fit(uncached).trained().weights()).isEqualTo(weights);
    context.conf().remove("spark.locality.wait");
    cached.unpersist();
  }

  private static Iterator<String> executor() {
    return List.of(SparkEnv.get().executorId()).iterator();
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
