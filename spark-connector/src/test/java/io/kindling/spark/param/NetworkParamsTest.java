package io.kindling.spark.param;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.spark.estimator.NeuralNetworkClassifier;
import io.kindling.spark.model.NeuralNetworkClassificationModel;
import io.kindling.spark.testing.Blobs;
import java.util.Arrays;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class NetworkParamsTest {
  private static final StructType SCHEMA =
      new StructType()
          .add("features", SQLDataTypes.VectorType())
          .add("label", DataTypes.DoubleType)
          .add("held", DataTypes.BooleanType);

  private final NeuralNetworkClassifier estimator =
      new NeuralNetworkClassifier().setNetwork(Blobs.NETWORK);

  @Test
  void sparkFindsEveryParamInEstimatorAndModel() {
    String[] names = {
      "batchSize",
      "device",
      "featuresCol",
      "inputShape",
      "labelCol",
      "learningRate",
      "maxEpochs",
      "network",
      "numWorkers",
      "optimizer",
      "precision",
      "predictionCol",
      "probabilityCol",
      "rawPredictionCol",
      "seed",
      "validationIndicatorCol",
      "weightDecay"
    };
    assertThat(Arrays.stream(estimator.params()).map(Param::name)).containsExactly(names);
    assertThat(Arrays.stream(new NeuralNetworkClassificationModel("m").params()).map(Param::name))
        .containsExactly(names);
    assertThat(estimator.explainParams())
        .contains("learningRate: the optimizer's step size (default: 0.001)");
  }

  @Test
  void defaultsAreThoseOfSparkMlWhereItHasThem() {
    assertThat(estimator.getFeaturesCol()).isEqualTo("features");
    assertThat(estimator.getLabelCol()).isEqualTo("label");
    assertThat(estimator.getPredictionCol()).isEqualTo("prediction");
    assertThat(estimator.getProbabilityCol()).isEqualTo("probability");
    assertThat(estimator.getRawPredictionCol()).isEqualTo("rawPrediction");
    assertThat(estimator.getBatchSize()).isEqualTo(128);
    assertThat(estimator.getMaxEpochs()).isEqualTo(10);
    assertThat(estimator.getOptimizer()).isEqualTo("adam");
    assertThat(estimator.getNumWorkers()).isEqualTo(1);
    assertThat(estimator.getDevice()).isEqualTo("auto");
    assertThat(estimator.getPrecision()).isEqualTo("float32");
    assertThat(estimator.clear(estimator.network()).isDefined(estimator.network())).isFalse();
    assertThat(estimator.isDefined(estimator.inputShape())).isFalse();
    assertThat(estimator.isDefined(estimator.validationIndicatorCol())).isFalse();
  }

  @Test
  void valuesThatAParamCannotHaveAreRefusedWithThoseItCan() {
    refused(() -> estimator.setBatchSize(0), "batchSize is 0, expected a whole number of at");
    refused(() -> estimator.setMaxEpochs(0), "maxEpochs is 0, expected a whole number of at");
    refused(() -> estimator.setNumWorkers(-1), "numWorkers is -1, expected a whole number of at");
    refused(() -> estimator.setLearningRate(0), "learningRate is 0.0, expected a finite number");
    refused(() -> estimator.setLearningRate(Double.NaN), "learningRate is NaN, expected");
    refused(
        () -> estimator.setLearningRate(Double.POSITIVE_INFINITY), "learningRate is Infinity, exp");
    refused(() -> estimator.setWeightDecay(-1), "weightDecay is -1.0, expected a finite number of");
    refused(
        () -> estimator.setOptimizer("magic"),
        "optimizer is 'magic', expected one of sgd, adam, adamw");
    refused(() -> estimator.setDevice("tpu"), "device is 'tpu', expected one of auto, cpu, cuda");
    refused(
        () -> estimator.setPrecision("float64"),
        "precision is 'float64', expected one of float32, bfloat16");
    refused(() -> estimator.setInputShape(1, 0), "inputShape is [1, 0], expected one size or more");
    refused(() -> estimator.setInputShape(), "inputShape is [], expected one size or more");
    refused(() -> estimator.setInputShape(1 << 20, 1 << 20), "inputShape is [1048576, 1048576]");
    refused(() -> estimator.setNetwork(" "), "network is ' ', expected a network's JSON");
    refused(() -> estimator.setLabelCol(""), "labelCol is '', expected a column's name");
    refused(() -> estimator.setFeaturesCol(null), "featuresCol is null, expected a column's name");
    refused(() -> estimator.setPredictionCol(null), "predictionCol is null, expected a column's");
    refused(
        () -> new ParamMap().put(estimator.batchSize().w(0)), "batchSize is 0, expected a whole");
  }

  private static void refused(ThrowingCallable call, String... parts) {
    assertThatThrownBy(call)
        .isInstanceOf(ParamException.class)
        .message()
        .contains(parts)
        .doesNotContain("\n");
  }

  @Test
  void aCopyHasTheSameUidAndItsOwnValues() {
    estimator.setBatchSize(7);
    NeuralNetworkClassifier copy = estimator.copy(new ParamMap().put(estimator.maxEpochs().w(3)));

    assertThat(copy.uid()).isEqualTo(estimator.uid());
    assertThat(copy.getBatchSize()).isEqualTo(7);
    assertThat(copy.getMaxEpochs()).isEqualTo(3);
    assertThat(estimator.getMaxEpochs()).isEqualTo(10);
  }

  @Test
  void theSchemaGainsTheOutputColumnsThatHaveANameInSparkMlsOrder() {
    assertThat(estimator.transformSchema(SCHEMA).fieldNames())
        .containsExactly("features", "label", "held", "rawPrediction", "probability", "prediction");
    assertThat(
            estimator
                .setRawPredictionCol("")
                .setProbabilityCol("")
                .transformSchema(SCHEMA)
                .fieldNames())
        .containsExactly("features", "label", "held", "prediction");
  }

  @Test
  void columnsThatDoNotFitAreNamedWithTheirParam() {
    assertThatThrownBy(() -> estimator.setFeaturesCol("pixels").transformSchema(SCHEMA))
        .isInstanceOf(ParamException.class)
        .hasMessageContaining("featuresCol 'pixels' is not among the columns features, label");
    estimator.setFeaturesCol("features");
    assertThatThrownBy(() -> estimator.setLabelCol("class").transformSchema(SCHEMA))
        .hasMessageContaining("labelCol 'class' is not among");
    estimator.setLabelCol("label");
    assertThatThrownBy(() -> estimator.setPredictionCol("label").transformSchema(SCHEMA))
        .hasMessageContaining("predictionCol: there is a column 'label' already");
    estimator.setPredictionCol("prediction");
    assertThatThrownBy(() -> estimator.setValidationIndicatorCol("label").transformSchema(SCHEMA))
        .hasMessageContaining("validationIndicatorCol 'label' has type double, expected boolean");
  }

  @Test
  void featuresAndLabelsOfATypeThatCannotBeLearnedAreRefused() {
    StructType text =
        new StructType().add("features", DataTypes.StringType).add("label", DataTypes.DoubleType);
    assertThatThrownBy(() -> estimator.transformSchema(text))
        .hasMessageContaining("features")
        .hasMessageContaining("string");
    StructType textLabel =
        new StructType().add("features", DataTypes.DoubleType).add("label", DataTypes.StringType);
    assertThatThrownBy(() -> estimator.transformSchema(textLabel))
        .hasMessageContaining("label")
        .hasMessageContaining("string");
  }

  @Test
  void columnsThatOneNameCannotTellApartAreRefused() {
    refused(
        () -> estimator.transformSchema(SCHEMA.add("label", DataTypes.IntegerType)),
        "labelCol 'label' is the name of 2 columns; drop or rename all but one");
    refused(
        () -> estimator.setFeaturesCol("label").transformSchema(SCHEMA),
        "featuresCol and labelCol are both 'label'");
  }

  @Test
  void aBatchTooSmallForTheWorkersIsRefused() {
    estimator.setBatchSize(4).setNumWorkers(4).transformSchema(SCHEMA);
    refused(
        () -> estimator.setNumWorkers(5).transformSchema(SCHEMA),
        "batchSize 4 leaves some of the 5 workers without a row; set batchSize to at least");
  }

  @Test
  void theNetworkIsCheckedAsFarAsTheShapeOfItsInputIsKnown() {
    refused(
        () -> new NeuralNetworkClassifier().transformSchema(SCHEMA),
        "network is not set; call setNetwork");
    refused(
        () -> estimator.setNetwork("{\"layers\": [").transformSchema(SCHEMA),
        "network: the network is no valid JSON");
    estimator.setNetwork("{\"layers\": [{\"type\": \"Lin\"}]}").transformSchema(SCHEMA);
    refused(() -> estimator.setInputShape(4).transformSchema(SCHEMA), "rows of shape [4]", "Lin");
    estimator.clear(estimator.inputShape());
    refused(() -> estimator.transformSchema(vectorsOf(4)), "rows of shape [4]", "Lin");
    StructType numbers = SCHEMA.add("age", DataTypes.IntegerType);
    refused(
        () -> estimator.setFeaturesCol("age").transformSchema(numbers), "rows of shape [1]", "Lin");
  }

  @Test
  void aNetworkWithTooFewOutputsIsRefused() {
    estimator.setInputShape(4);
    StructType named =
        new StructType()
            .add("features", SQLDataTypes.VectorType())
            .add(NominalAttribute.defaultAttr().withName("label").withNumValues(5).toStructField());
    refused(
        () -> estimator.transformSchema(named),
        "the network has 3 outputs, but labelCol 'label' has 5 classes",
        "5 outFeatures");
    refused(
        () ->
            estimator
                .setNetwork("{\"layers\": [{\"type\": \"Linear\", \"outFeatures\": 1}]}")
                .transformSchema(SCHEMA),
        "the network has 1 output",
        "2 outFeatures");
  }

  @Test
  void vectorsOfAKnownLengthMustFitTheInputShape() {
    StructType schema = vectorsOf(4);
    estimator.transformSchema(schema);
    String network =
        "{\"layers\": [{\"type\": \"Flatten\"}, {\"type\": \"Linear\", \"outFeatures\": 3}]}";
    estimator.setNetwork(network).setInputShape(1, 2, 2).transformSchema(schema);
    String[] message = {
      "featuresCol 'features' has vectors of 4 values",
      "inputShape [1, 2, 3] needs 6",
      "set inputShape to sizes whose product is 4"
    };
    refused(() -> estimator.setInputShape(1, 2, 3).transformSchema(schema), message);
    NeuralNetworkClassificationModel model = new NeuralNetworkClassificationModel("m");
    model.set(model.inputShape(), new int[] {1, 2, 3});
    refused(() -> model.transformSchema(schema), message);
  }

  private static StructType vectorsOf(int length) {
    return new StructType()
        .add(new AttributeGroup("features", length).toStructField())
        .add("label", DataTypes.DoubleType);
  }
}
