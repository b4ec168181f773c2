package io.kindling.spark.estimator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kindling.backend.Backends;
import io.kindling.spark.model.NeuralNetworkClassificationModel;
import io.kindling.spark.resource.Precision;
import io.kindling.spark.testing.Blobs;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import java.util.List;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The Param reaches training, validation and prediction. */
@Timeout(120)
class PrecisionTest {
  private static final String NETWORK =
      """
      {"layers": [
        {"type": "Linear", "outFeatures": 128},
        {"type": "ReLU"},
        {"type": "Linear", "outFeatures": 3}]}
      """;

  @Test
  void bfloat16RoundsWhereTheProcessorIsFasterWithIt() {
    assumeTrue(isFast(), "this processor is not faster with bfloat16");
    Dataset<Row> rows = Blobs.dataset(512, 1);
    NeuralNetworkClassificationModel exact = classifier("float32").fit(rows);
    NeuralNetworkClassificationModel mixed = classifier("bfloat16").fit(rows);

    assertThat(exact.trained().weights()).isNotEqualTo(mixed.trained().weights());
    assertThat(mixed.getPrecision()).isEqualTo("bfloat16");
    assertThat(mixed.transform(rows).where("prediction = label").count()).isGreaterThan(480);

    NeuralNetworkClassificationModel sameWeights =
        exact.copy(ParamMap.empty()).setPrecision("bfloat16");
    List<Row> exactly = exact.transform(rows).collectAsList();
    List<Row> roughly = sameWeights.transform(rows).collectAsList();
    double farthest = 0;
    double largest = 0;
    for (int i = 0; i < exactly.size(); i++) {
      double[] one = exactly.get(i).<Vector>getAs("rawPrediction").toArray();
      double[] other = roughly.get(i).<Vector>getAs("rawPrediction").toArray();
      double sum = 0;
      for (int j = 0; j < one.length; j++) {
        farthest = Math.max(farthest, Math.abs(one[j] - other[j]));
        largest = Math.max(largest, Math.abs(one[j]));
        assertThat(other[j]).satisfies(PrecisionTest::hasEightBits);
        sum += roughly.get(i).<Vector>getAs("probability").apply(j);
      }
      assertThat(sum).isCloseTo(1, within(1e-12));
    }
    // Eight bits of the scores themselves, and of what they are sums of.
    assertThat(farthest).isBetween(1e-4, 0.03 * largest);
  }

  @Test
  void elsewhereItIsFloat32() {
    assertThat(Precision.of("float32", Device.CPU)).isEqualTo(Precision.FLOAT32);
    assertThat(Precision.of("bfloat16", Device.CPU))
        .isEqualTo(isFast() ? Precision.BFLOAT16 : Precision.FLOAT32);
  }

  private static void hasEightBits(double score) {
    assertThat(Float.floatToRawIntBits((float) score) & 0xffff).isZero();
  }

  private static NeuralNetworkClassifier classifier(String precision) {
    return new NeuralNetworkClassifier()
        .setNetwork(NETWORK)
        .setBatchSize(256)
        .setMaxEpochs(8)
        .setLearningRate(0.01)
        .setPrecision(precision);
  }

  private static boolean isFast() {
    return Backends.isFast(Device.Type.CPU, DType.BFLOAT16);
  }
}
