package io.kindling.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kindling.backend.Backends;
import io.kindling.io.safetensors.Safetensors;
import io.kindling.memory.Scope;
import io.kindling.nn.LayerSpec;
import io.kindling.nn.Module;
import io.kindling.nn.NetworkSpec;
import io.kindling.spark.estimator.NeuralNetworkClassifier;
import io.kindling.spark.model.NeuralNetworkClassificationModel;
import io.kindling.spark.testing.LocalSpark;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import io.kindling.tensor.Generator;
import io.kindling.tensor.Tensor;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which networks' rows are kept rounded, and that it changes no bit of what they learn. */
@Timeout(120)
class RoundedInputTest {
  private static final String LINEAR =
      "{\"type\": \"Linear\", \"outFeatures\": 32}, {\"type\": \"ReLU\"},"
          + " {\"type\": \"Linear\", \"outFeatures\": 3}";
  private static final String CONVOLUTION =
      "{\"type\": \"Conv2d\", \"outChannels\": 4, \"kernelSize\": 3, \"padding\": 1},"
          + " {\"type\": \"ReLU\"}, {\"type\": \"Flatten\"},"
          + " {\"type\": \"Linear\", \"outFeatures\": 3}";

  /** Hands its input on, and notes in which types it learned in tasks. */
  public static final class First extends Module {
    static final Set<DType> TYPES = ConcurrentHashMap.newKeySet();

    private final boolean exact;

    private First(boolean exact) {
      this.exact = exact;
    }

    /** Key {@code exact}: whether to read the input with all its bits, which changes none. */
    public static First fromSpec(LayerSpec spec) {
      return new First(spec.flag("exact", false));
    }

    @Override
    public Tensor forward(Tensor input) {
      if (isTraining() && TaskContext.get() != null) {
        TYPES.add(input.dtype());
      }
      return exact ? input.mul(1.0) : input;
    }
  }

  private static String after(boolean exact, String layers) {
    return "{\"layers\": [{\"type\": \"%s\", \"exact\": %s}, %s]}"
        .formatted(First.class.getName(), exact, layers);
  }

  /** 64 numbers a row, of which few have no more than eight bits. */
  private static Dataset<Row> rows() {
    return LocalSpark.session()
        .range(0, 2000, 1, 2)
        .selectExpr(
            "transform(sequence(1, 64), j -> cast(sin(id * j) + (id % 3) * j / 64 as float))"
                + " as features",
            "cast(id % 3 as double) as label", "id % 5 = 0 as held");
  }

  private static NeuralNetworkClassificationModel fit(
      String network, String layers, String precision) {
    return new NeuralNetworkClassifier()
        .setNetwork(network)
        .setInputShape(layers.equals(CONVOLUTION) ? new int[] {1, 8, 8} : new int[] {64})
        .setValidationIndicatorCol("held")
        .setPrecision(precision)
        .setBatchSize(400)
        .setMaxEpochs(3)
        .setLearningRate(0.01)
        .setNumWorkers(2)
        .fit(rows());
  }

  private static float[][] weights(NeuralNetworkClassificationModel model) {
    try (Scope scope = Scope.open();
        var file = Safetensors.read(model.trained().weights(), "weights")) {
      return file.tensors().values().stream().map(Tensor::toFloatArray).toArray(float[][]::new);
    }
  }

  @ParameterizedTest
  @CsvSource({"linear", "convolution"})
  void roundedRowsTeachTheSameBits(String name) {
    assumeTrue(
        Backends.isFast(Device.Type.CPU, DType.BFLOAT16),
        "this processor is not faster with bfloat16, so precision bfloat16 is float32");
    String layers = name.equals("linear") ? LINEAR : CONVOLUTION;
    First.TYPES.clear();
    NeuralNetworkClassificationModel exact = fit(after(true, layers), layers, "bfloat16");
    assertThat(First.TYPES).containsExactly(DType.FLOAT32);
    First.TYPES.clear();
    NeuralNetworkClassificationModel rounded = fit(after(false, layers), layers, "bfloat16");
    assertThat(First.TYPES).containsExactly(DType.BFLOAT16);

    assertThat(weights(rounded)).isDeepEqualTo(weights(exact));
    for (int epoch = 0; epoch < 3; epoch++) {
      EpochResult expected = exact.history().get(epoch);
      EpochResult result = rounded.history().get(epoch);
      assertThat(result.trainLoss()).isEqualTo(expected.trainLoss());
      assertThat(result.validationLoss()).isEqualTo(expected.validationLoss());
      assertThat(result.validationAccuracy()).isEqualTo(expected.validationAccuracy());
    }
    assertThat(weights(fit(after(false, layers), layers, "float32"))[0])
        .isNotEqualTo(weights(exact)[0]);
  }

  @Test
  void inFloat32RowsKeepTheirBits() {
    First.TYPES.clear();
    fit(after(false, LINEAR), LINEAR, "float32");
    assertThat(First.TYPES).containsExactly(DType.FLOAT32);
  }

  @Test
  void theFirstOperationOnTheInputDecides() {
    assertThat(type("bfloat16", "{\"type\": \"Linear\", \"outFeatures\": 3}", 64))
        .isEqualTo(DType.BFLOAT16);
    assertThat(type("float32", "{\"type\": \"Linear\", \"outFeatures\": 3}", 64))
        .isEqualTo(DType.FLOAT32);
    assertThat(type("bfloat16", CONVOLUTION, 3, 8, 8)).isEqualTo(DType.BFLOAT16);
    assertThat(type("bfloat16", "{\"type\": \"Flatten\"}, " + LINEAR, 3, 8, 8))
        .isEqualTo(DType.BFLOAT16);
    assertThat(type("bfloat16", "{\"type\": \"BatchNorm2d\"}, " + CONVOLUTION, 3, 8, 8))
        .isEqualTo(DType.FLOAT32);
    assertThat(type("bfloat16", "{\"type\": \"Dropout\", \"p\": 0.2}, " + LINEAR, 64))
        .isEqualTo(DType.FLOAT32);
    assertThat(type("bfloat16", "{\"type\": \"Sigmoid\"}, " + LINEAR, 64)).isEqualTo(DType.FLOAT32);
  }

  private static DType type(String precision, String layers, long... inputShape) {
    NetworkSpec spec = NetworkSpec.parse("{\"layers\": [" + layers + "]}");
    try (Module network = spec.build(inputShape, new Generator(1))) {
      return RoundedInput.type(network, inputShape, precision);
    }
  }
}
