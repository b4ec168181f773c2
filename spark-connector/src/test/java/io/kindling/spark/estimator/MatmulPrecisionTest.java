package io.kindling.spark.estimator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kindling.memory.Scope;
import io.kindling.op.MatmulPrecision;
import io.kindling.spark.model.NeuralNetworkClassificationModel;
import io.kindling.spark.testing.Blobs;
import io.kindling.tensor.Generator;
import io.kindling.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The Param reaches the products of training and of prediction. */
@Timeout(120)
class MatmulPrecisionTest {
  /** With 256 rows wide enough to be rounded. */
  private static final String NETWORK =
      """
      {"layers": [
        {"type": "Linear", "outFeatures": 128},
        {"type": "ReLU"},
        {"type": "Linear", "outFeatures": 3}]}
      """;

  @Test
  void mediumRoundsWhereTheProcessorIsFasterWithIt() {
    assumeTrue(productsAreRounded(), "this processor has no bfloat16");
    Dataset<Row> rows = Blobs.dataset(512, 1);
    NeuralNetworkClassificationModel exact = classifier("highest").fit(rows);
    NeuralNetworkClassificationModel rounded = classifier("medium").fit(rows);

    assertThat(exact.trained().weights()).isNotEqualTo(rounded.trained().weights());
    assertThat(rounded.getMatmulPrecision()).isEqualTo("medium");

    NeuralNetworkClassificationModel sameWeights =
        exact.copy(ParamMap.empty()).setMatmulPrecision("medium");
    List<Row> exactly = exact.transform(rows).collectAsList();
    List<Row> roughly = sameWeights.transform(rows).collectAsList();
    double farthest = 0;
    for (int i = 0; i < exactly.size(); i++) {
      double[] one = exactly.get(i).<Vector>getAs("rawPrediction").toArray();
      double[] other = roughly.get(i).<Vector>getAs("rawPrediction").toArray();
      for (int j = 0; j < one.length; j++) {
        farthest = Math.max(farthest, Math.abs(one[j] - other[j]));
      }
    }
    // Eight bits of factors of about 1, in sums that are small beside them.
    assertThat(farthest).isBetween(1e-6, 0.1);
    assertThat(rounded.transform(rows).where("prediction = label").count()).isGreaterThan(480);
  }

  private static NeuralNetworkClassifier classifier(String precision) {
    return new NeuralNetworkClassifier()
        .setNetwork(NETWORK)
        .setBatchSize(256)
        .setMaxEpochs(8)
        .setLearningRate(0.01)
        .setMatmulPrecision(precision);
  }

  private static boolean productsAreRounded() {
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.rand(new Generator(1), 200, 200);
      float[] exact = x.matmul(x).toFloatArray();
      try (var precision = MatmulPrecision.MEDIUM.use()) {
        return !Arrays.equals(exact, x.matmul(x).toFloatArray());
      }
    }
  }
}
