package io.kindling.spark.estimator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.KindlingException;
import io.kindling.spark.testing.Blobs;
import io.kindling.spark.testing.LocalSpark;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** What Params and columns tell is said before anybody waits for rows. */
class ChecksBeforeJobsTest {
  /** As {@link Blobs} has them, but whoever computes one of them fails. */
  private static Dataset<Row> untouchable() {
    Dataset<Row> rows = Blobs.dataset(8, 2);
    JavaSparkContext context =
        JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());
    return LocalSpark.session()
        .createDataFrame(
            context
                .parallelize(Blobs.rows(8), 2)
                .map(
                    row -> {
                      throw new UnsupportedOperationException("a row was read");
                    }),
            rows.schema());
  }

  private static void refused(Consumer<NeuralNetworkClassifier> wrong, String message) {
    NeuralNetworkClassifier estimator = new NeuralNetworkClassifier().setNetwork(Blobs.NETWORK);
    wrong.accept(estimator);
    Dataset<Row> rows = untouchable();

    assertThatThrownBy(() -> estimator.fit(rows))
        .isInstanceOf(KindlingException.class)
        .hasMessageContaining(message);
    Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {estimator});
    assertThatThrownBy(() -> pipeline.fit(rows))
        .isInstanceOf(KindlingException.class)
        .hasMessageContaining(message);
  }

  @Test
  void noRowIsReadForWhatParamsAndColumnsTell() {
    refused(estimator -> estimator.clear(estimator.network()), "network is not set");
    refused(estimator -> estimator.setNetwork("{}"), "network: ");
    refused(estimator -> estimator.setInputShape(2, 2), "one number a class");
    refused(
        estimator -> estimator.setBatchSize(1).setNumWorkers(2),
        "batchSize 1 leaves some of the 2 workers without a row");
    refused(estimator -> estimator.setFeaturesCol("label"), "both 'label'");
    refused(estimator -> estimator.setNumWorkers(3), "numWorkers is 3");
  }

  @Test
  void aRowIsReadOnceNothingIsWrong() {
    NeuralNetworkClassifier estimator = new NeuralNetworkClassifier().setNetwork(Blobs.NETWORK);
    assertThat(estimator.transformSchema(Blobs.dataset(8, 2).schema()).fieldNames())
        .contains("prediction");
    assertThatThrownBy(() -> estimator.fit(untouchable()))
        .hasStackTraceContaining("a row was read");
  }
}
