package io.kindling.spark.catalyst;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindling.spark.estimator.NeuralNetworkClassifier;
import io.kindling.spark.model.NeuralNetworkClassificationModel;
import io.kindling.spark.testing.Blobs;
import io.kindling.spark.testing.LocalSpark;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.classic.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import scala.Option;
import scala.collection.immutable.Map$;
import scala.jdk.javaapi.CollectionConverters;

/** The operator within the plans that Spark makes of it. */
@Timeout(180)
class PredictTest {
  private static final String ADAPTIVE = "spark.sql.adaptive.enabled";

  private static NeuralNetworkClassificationModel model;

  @BeforeAll
  static void train() {
    model =
        new NeuralNetworkClassifier()
            .setNetwork(Blobs.NETWORK)
            .setMaxEpochs(2)
            .fit(Blobs.dataset(60, 2));
  }

  @AfterEach
  void sparksOwnSettings() {
    LocalSpark.session().conf().unset(ADAPTIVE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "false"})
  void predictionsAreJoinedWithThemselves(String adaptive) {
    LocalSpark.session().conf().set(ADAPTIVE, adaptive);
    Dataset<Row> once = model.transform(Blobs.dataset(90, 3)).select("id", "prediction");

    Dataset<Row> joined =
        once.as("a").join(once.as("b"), "id").where("a.prediction = b.prediction");
    Dataset<Row> crossed =
        once.as("a").crossJoin(once.as("b")).where("a.id = b.id AND a.prediction = b.prediction");

    assertThat(joined.count()).isEqualTo(90);
    assertThat(crossed.count()).isEqualTo(90);
    assertThat(once.union(once).distinct().count()).isEqualTo(90);
  }

  @Test
  void onlyTheColumnsThatAreAskedForPassThrough() {
    Dataset<Row> predictions = model.transform(Blobs.dataset(30, 2)).select("prediction");

    List<LogicalPlan> nodes = new ArrayList<>();
    LogicalPlan plan =
        ((org.apache.spark.sql.classic.Dataset<Row>) predictions).queryExecution().optimizedPlan();
    plan.foreach(
        node -> {
          nodes.add(node);
          return null;
        });
    Predict predict =
        (Predict) nodes.stream().filter(node -> node instanceof Predict).findFirst().orElseThrow();
    assertThat(CollectionConverters.asJava(predict.child().output()))
        .extracting(Attribute::name)
        .containsExactly("features");
    assertThat(predictions.count()).isEqualTo(30);
  }

  @Test
  void aCachedPredictionIsFoundByThePlanOfTheNext() {
    Dataset<Row> rows = Blobs.dataset(40, 2);
    Dataset<Row> cached = model.transform(rows).cache();
    try {
      assertThat(cached.count()).isEqualTo(40);
      assertThat(physical(model.transform(rows))).contains("InMemoryTableScan");
      NeuralNetworkClassificationModel other =
          model.copy(ParamMap.empty()).setProbabilityCol("").setFeaturesCol("features");
      assertThat(physical(other.transform(rows))).doesNotContain("InMemoryTableScan");
    } finally {
      cached.unpersist(true);
    }
  }

  @Test
  void partitionsReadOneAfterTheOtherByOneTaskAreApart() {
    // Each partition is left after three rows, with a batch half handed out.
    Dataset<Long> some =
        model
            .transform(Blobs.dataset(60, 3))
            .select("id")
            .as(org.apache.spark.sql.Encoders.LONG())
            .mapPartitions(
                (org.apache.spark.api.java.function.MapPartitionsFunction<Long, Long>)
                    PredictTest::firstThree,
                org.apache.spark.sql.Encoders.LONG())
            .coalesce(1);

    assertThat(some.collectAsList()).containsExactly(0L, 1L, 2L, 20L, 21L, 22L, 40L, 41L, 42L);
  }

  @Test
  void aSessionThatCameBeforeKindlingLearnsToPlanPredictions() {
    SparkSession late =
        new SparkSession(
            LocalSpark.session().sparkContext(),
            Option.empty(),
            Option.empty(),
            new SparkSessionExtensions(),
            Map$.MODULE$.empty(),
            Map$.MODULE$.empty());
    List<Row> rows = Blobs.rows(25);
    Dataset<Row> given = late.createDataFrame(rows, Blobs.dataset(1, 1).schema());

    assertThat(model.transform(given).where("prediction IS NOT NULL").count()).isEqualTo(25);
  }

  private static Iterator<Long> firstThree(Iterator<Long> ids) {
    List<Long> first = new ArrayList<>();
    while (first.size() < 3 && ids.hasNext()) {
      first.add(ids.next());
    }
    return first.iterator();
  }

  private static String physical(Dataset<Row> rows) {
    return ((org.apache.spark.sql.classic.Dataset<Row>) rows)
        .queryExecution()
        .executedPlan()
        .toString();
  }
}
