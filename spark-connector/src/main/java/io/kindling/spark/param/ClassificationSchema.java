package io.kindling.spark.param;

import io.kindling.spark.feed.FeatureColumn;
import io.kindling.spark.feed.LabelColumn;
import java.util.Arrays;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The columns that a classifier needs, and those that it adds. */
public final class ClassificationSchema {
  private ClassificationSchema() {}

  /**
   * The schema after training and prediction on rows of the given one.
   *
   * @throws ParamException if a column is missing or in the way
   * @throws io.kindling.spark.feed.FeedException if a column's type cannot be learned
   */
  public static StructType forTraining(NetworkParams params, StructType schema) {
    require(schema, "labelCol", params.getLabelCol());
    LabelColumn.of(schema, params.getLabelCol(), 1);
    if (params.isDefined(params.validationIndicatorCol())) {
      String name = params.getValidationIndicatorCol();
      StructField indicator = require(schema, "validationIndicatorCol", name);
      if (!indicator.dataType().equals(DataTypes.BooleanType)) {
        throw new ParamException(
            "validationIndicatorCol '"
                + name
                + "' has type "
                + indicator.dataType().simpleString()
                + ", expected boolean; cast it");
      }
    }
    return forPrediction(params, schema);
  }

  /**
   * The schema after prediction on rows of the given one.
   *
   * @throws io.kindling.KindlingException as {@link #forTraining}
   */
  public static StructType forPrediction(NetworkParams params, StructType schema) {
    require(schema, "featuresCol", params.getFeaturesCol());
    FeatureColumn.of(schema, params.getFeaturesCol(), shapeOrOne(params));
    StructType output = schema;
    output = append(output, "rawPredictionCol", params.getRawPredictionCol(), vector());
    output = append(output, "probabilityCol", params.getProbabilityCol(), vector());
    return append(output, "predictionCol", params.getPredictionCol(), DataTypes.DoubleType);
  }

  /** The field a param names. */
  static StructField require(StructType schema, String param, String name) {
    for (StructField field : schema.fields()) {
      if (field.name().equals(name)) {
        return field;
      }
    }
    throw new ParamException(
        param
            + " '"
            + name
            + "' is not among the columns "
            + String.join(", ", schema.fieldNames())
            + "; set "
            + param
            + " to one of them");
  }

  private static StructType append(StructType schema, String param, String name, DataType type) {
    if (name.isEmpty()) {
      return schema;
    }
    for (String existing : schema.fieldNames()) {
      if (existing.equals(name)) {
        throw new ParamException(
            param
                + ": there is a column '"
                + name
                + "' already; drop it, give "
                + param
                + " another name, or set it to \"\" for no such column");
      }
    }
    return schema.add(name, type, false);
  }

  /** The input's shape, or that of one number, which columns of every kind can have. */
  private static long[] shapeOrOne(NetworkParams params) {
    return params.isDefined(params.inputShape())
        ? Arrays.stream(params.getInputShape()).asLongStream().toArray()
        : new long[] {1};
  }

  private static DataType vector() {
    return SQLDataTypes.VectorType();
  }
}
