package io.kindling.spark.param;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.spark.estimator.NeuralNetworkClassifier;
import io.kindling.spark.model.NeuralNetworkClassificationModel;
import java.util.Arrays;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class NetworkParamsTest {
  private static final StructType SCHEMA =
      new StructType()
          .add("features", SQLDataTypes.VectorType())
          .add("label", DataTypes.DoubleType)
          .add("held", DataTypes.BooleanType);

  private final NeuralNetworkClassifier estimator = new NeuralNetworkClassifier();

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
    assertThat(estimator.isDefined(estimator.network())).isFalse();
    assertThat(estimator.isDefined(estimator.inputShape())).isFalse();
    assertThat(estimator.isDefined(estimator.validationIndicatorCol())).isFalse();
  }

  @Test
  void valuesOutOfRangeAreRefused() {
    assertThatThrownBy(() -> estimator.setBatchSize(0)).hasMessageContaining("batchSize");
    assertThatThrownBy(() -> estimator.setMaxEpochs(0)).hasMessageContaining("maxEpochs");
    assertThatThrownBy(() -> estimator.setLearningRate(0)).hasMessageContaining("learningRate");
    assertThatThrownBy(() -> estimator.setLearningRate(Double.NaN))
        .hasMessageContaining("learningRate");
    assertThatThrownBy(() -> estimator.setOptimizer("magic")).hasMessageContaining("optimizer");
    assertThatThrownBy(() -> estimator.setWeightDecay(-1)).hasMessageContaining("weightDecay");
    assertThatThrownBy(() -> estimator.setNumWorkers(0)).hasMessageContaining("numWorkers");
    assertThatThrownBy(() -> estimator.setDevice("tpu")).hasMessageContaining("device");
    assertThatThrownBy(() -> estimator.setPrecision("float64")).hasMessageContaining("precision");
    assertThatThrownBy(() -> estimator.setInputShape(1, 0)).hasMessageContaining("inputShape");
    assertThatThrownBy(() -> estimator.setInputShape()).hasMessageContaining("inputShape");
    assertThatThrownBy(() -> estimator.setInputShape(1 << 20, 1 << 20))
        .hasMessageContaining("inputShape");
    assertThatThrownBy(() -> estimator.setNetwork(" ")).hasMessageContaining("network");
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
}
