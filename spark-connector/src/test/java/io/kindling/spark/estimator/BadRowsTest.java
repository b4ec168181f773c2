package io.kindling.spark.estimator;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.KindlingException;
import io.kindling.spark.model.NeuralNetworkClassificationModel;
import io.kindling.spark.testing.Blobs;
import io.kindling.spark.testing.LocalSpark;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever a dataset holds: one clear error that names column and row, and no hang. */
@Timeout(60)
class BadRowsTest {
  private static NeuralNetworkClassifier classifier() {
    return new NeuralNetworkClassifier()
        .setNetwork(Blobs.NETWORK)
        .setInputShape(Blobs.WIDTH)
        .setNumWorkers(2)
        .setMaxEpochs(1);
  }

  /** Five rows in each of two partitions; the last one of the second is the given one. */
  private static Dataset<Row> with(DataType type, Object good, Object features, Object label) {
    return with(type, good, features, label, false);
  }

  private static Dataset<Row> with(
      DataType type, Object good, Object features, Object label, Object held) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      rows.add(RowFactory.create(good, (double) (i % 3), false));
    }
    rows.add(RowFactory.create(features, label, held));
    JavaSparkContext context =
        JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());
    StructType schema =
        new StructType()
            .add("features", type)
            .add("label", DataTypes.DoubleType)
            .add("held", DataTypes.BooleanType);
    return LocalSpark.session().createDataFrame(context.parallelize(rows, 2), schema);
  }

  private static Dataset<Row> vectors(Object features, Object label) {
    return with(SQLDataTypes.VectorType(), Vectors.dense(1, 2, 3, 4), features, label);
  }

  private static Dataset<Row> arrays(Double... features) {
    return with(
        DataTypes.createArrayType(DataTypes.DoubleType),
        new Double[] {1.0, 2.0, 3.0, 4.0},
        features,
        1.0);
  }

  /** Training on the rows ends with one message that holds all parts. */
  private static void refused(Dataset<Row> rows, String... parts) {
    assertThatThrownBy(() -> classifier().setValidationIndicatorCol("held").fit(rows))
        .isInstanceOf(KindlingException.class)
        .message()
        .contains(parts)
        .doesNotContain("\tat ");
  }

  @Test
  void nulls() {
    refused(vectors(null, 1.0), "column 'features', row 4 of partition 1", "null");
    refused(vectors(Vectors.dense(1, 2, 3, 4), null), "column 'label', row 4 of partition 1");
    refused(arrays(1.0, null, 3.0, 4.0), "column 'features', row 4 of partition 1", "element 1");
    refused(
        with(
            SQLDataTypes.VectorType(),
            Vectors.dense(1, 2, 3, 4),
            Vectors.dense(1, 2, 3, 4),
            1.0,
            null),
        "column 'held', row 4 of partition 1");
  }

  @Test
  void nanAndInfinity() {
    refused(
        vectors(Vectors.dense(1, 2, Double.NaN, 4), 1.0),
        "column 'features', row 4 of partition 1",
        "element 2 is NaN");
    refused(arrays(1.0, 2.0, 3.0, Double.POSITIVE_INFINITY), "element 3 is Infinity");
  }

  @Test
  void raggedRowsAndWrongLengths() {
    refused(arrays(1.0, 2.0), "column 'features', row 4 of partition 1", "2 values", "[4]");
    refused(
        vectors(Vectors.sparse(6, new int[] {5}, new double[] {1}), 1.0),
        "column 'features', row 4 of partition 1",
        "6 values");
  }

  @Test
  void labelsThatAreNoClass() {
    for (double label : new double[] {3, -1, 0.5, Double.NaN}) {
      refused(
          vectors(Vectors.dense(1, 2, 3, 4), label),
          "column 'label', row 4 of partition 1",
          "the label is " + label,
          "0 to 2");
    }
  }

  @Test
  void rowsToPredictAreCheckedAlike() {
    NeuralNetworkClassificationModel model = classifier().fit(Blobs.dataset(20, 1));

    assertThatThrownBy(() -> model.transform(arrays(1.0, 2.0)).collectAsList())
        .hasStackTraceContaining("column 'features', row 4 of partition 1: there are 2 values");
  }

  @Test
  void aNetworkThatDoesNotFitTheClassesIsRefusedBeforeTraining() {
    Dataset<Row> rows = Blobs.dataset(20, 1);
    Dataset<Row> named =
        rows.withColumn(
            "label",
            functions
                .col("label")
                .as(
                    "label",
                    NominalAttribute.defaultAttr()
                        .withName("label")
                        .withValues(new String[] {"a", "b", "c", "d", "e"})
                        .toMetadata()));
    refused(named, "the network has 3 outputs", "labelCol 'label' has 5 classes", "5 outFeatures");

    NeuralNetworkClassifier images =
        classifier()
            .setInputShape(1, 2, 2)
            .setNetwork(
                "{\"layers\": [{\"type\": \"Conv2d\", \"outChannels\": 2, \"kernelSize\": 1}]}");
    assertThatThrownBy(() -> images.fit(rows))
        .hasMessageContaining("expected one number a class; end it with Flatten and Linear");
    assertThatThrownBy(() -> classifier().setInputShape(2, 2).fit(rows))
        .isInstanceOf(KindlingException.class);
    assertThatThrownBy(() -> new NeuralNetworkClassifier().fit(rows))
        .hasMessageContaining("network is not set");
    assertThatThrownBy(
            () -> classifier().setNetwork("{\"layers\": [{\"type\": \"Lin\"}]}").fit(rows))
        .hasMessageContaining("Lin");
  }

  @Test
  void noRows() {
    refused(Blobs.dataset(0, 2), "no rows");
    refused(
        Blobs.dataset(20, 2).where("held"),
        "all 4 rows are for validation",
        "validationIndicatorCol");
    assertThatThrownBy(
            () -> new NeuralNetworkClassifier().setNetwork(Blobs.NETWORK).fit(Blobs.dataset(0, 1)))
        .hasMessageContaining("no rows");
    assertThatThrownBy(
            () ->
                new NeuralNetworkClassifier()
                    .setNetwork(Blobs.NETWORK)
                    .fit(vectors(null, 1.0).where("features is null")))
        .hasMessageContaining("featuresCol 'features' is null in the first row");
  }
}
