package io.kindling.spark.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindling.spark.estimator.NeuralNetworkClassifier;
import io.kindling.spark.testing.Blobs;
import io.kindling.spark.testing.LocalSpark;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class TransformTest {
  private static NeuralNetworkClassificationModel model;

  @BeforeAll
  static void train() {
    model =
        new NeuralNetworkClassifier()
            .setNetwork(Blobs.NETWORK)
            .setMaxEpochs(2)
            .fit(Blobs.dataset(60, 2));
  }

  private static List<Row> byId(Dataset<Row> predictions) {
    return predictions.orderBy("id").collectAsList();
  }

  @Test
  void aStreamIsPredictedLikeABatch(@TempDir Path folder) throws Exception {
    Dataset<Row> rows = Blobs.dataset(500, 3);
    String source = folder.resolve("source").toString();
    rows.write().parquet(source);
    Dataset<Row> stream = LocalSpark.session().readStream().schema(rows.schema()).parquet(source);

    StreamingQuery query =
        model
            .transform(stream)
            .writeStream()
            .format("memory")
            .queryName("predictions")
            .outputMode("append")
            .option("checkpointLocation", folder.resolve("checkpoint").toString())
            .trigger(Trigger.AvailableNow())
            .start();
    query.awaitTermination();

    assertThat(byId(LocalSpark.session().table("predictions")))
        .isEqualTo(byId(model.transform(rows)));
  }

  @Test
  void rowsKeepTheirOrderAndTheirOtherColumns() {
    Dataset<Row> rows = Blobs.dataset(700, 1);

    List<Row> predictions = model.transform(rows).collectAsList();

    List<Row> given = rows.collectAsList();
    assertThat(predictions).hasSize(700);
    for (int i = 0; i < given.size(); i++) {
      for (String column : rows.columns()) {
        assertThat(predictions.get(i).<Object>getAs(column))
            .isEqualTo(given.get(i).<Object>getAs(column));
      }
    }
  }

  @Test
  void neighboursInABatchChangeNoMoreThanRounding() {
    List<Row> together = byId(model.transform(Blobs.dataset(100, 1)));
    List<Row> apart = byId(model.transform(Blobs.dataset(100, 30)));

    for (int i = 0; i < 100; i++) {
      double[] one = together.get(i).<Vector>getAs("rawPrediction").toArray();
      double[] other = apart.get(i).<Vector>getAs("rawPrediction").toArray();
      for (int j = 0; j < one.length; j++) {
        assertThat(other[j]).isCloseTo(one[j], org.assertj.core.api.Assertions.within(1e-5));
      }
    }
  }

  @Test
  void tasksThatStopEarlyLeaveNothingBehind() {
    // The leak check after this test looks for networks and batches that were not let go.
    assertThat(model.transform(Blobs.dataset(600, 4)).limit(3).collectAsList()).hasSize(3);
    assertThat(model.transform(Blobs.dataset(600, 4)).isEmpty()).isFalse();
  }

  @Test
  void aPredictionCanBeFilteredJoinedAndPredictedAgain() {
    Dataset<Row> rows = Blobs.dataset(90, 2);
    Dataset<Row> once = model.transform(rows).where("prediction = label");
    NeuralNetworkClassificationModel second =
        model
            .copy(org.apache.spark.ml.param.ParamMap.empty())
            .setPredictionCol("again")
            .setRawPredictionCol("")
            .setProbabilityCol("");

    Dataset<Row> twice = second.transform(once);

    assertThat(twice.where("again <> prediction").count()).isZero();
    Dataset<Row> counts = twice.groupBy("again").agg(functions.count("id").as("n"));
    assertThat(twice.join(counts, "again").count()).isEqualTo(once.count());
  }
}
