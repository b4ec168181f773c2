package io.kindling.spark.param;

import io.kindling.spark.feed.FeatureColumn;
import io.kindling.spark.feed.LabelColumn;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.ml.attribute.AttributeGroup$;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The columns that a classifier needs, and those that it adds; and what is wrong with Params and
 * columns together, which shows without a row.
 */
public final class ClassificationSchema {
  /** Columns of every kind can have it. */
  private static final long[] ONE_NUMBER = {1};

  private ClassificationSchema() {}

  /**
   * The schema after training and prediction on rows of the given one.
   *
   * @throws ParamException if a column is missing or in the way, or Params contradict each other
   * @throws io.kindling.spark.feed.FeedException if a column's type cannot be learned
   */
  public static StructType forTraining(NetworkParams params, StructType schema) {
    require(schema, "labelCol", params.getLabelCol());
    if (params.getLabelCol().equals(params.getFeaturesCol())) {
      throw new ParamException(
          "featuresCol and labelCol are both '"
              + params.getLabelCol()
              + "', and a network cannot learn what it is told; set one of them to another column");
    }
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
    if (params.getBatchSize() < params.getNumWorkers()) {
      throw new ParamException(
          "batchSize "
              + params.getBatchSize()
              + " leaves some of the "
              + params.getNumWorkers()
              + " workers without a row; set batchSize to at least numWorkers");
    }
    return forPrediction(params, schema);
  }

  /**
   * The schema after prediction on rows of the given one.
   *
   * @throws io.kindling.KindlingException as {@link #forTraining}
   */
  public static StructType forPrediction(NetworkParams params, StructType schema) {
    StructField features = require(schema, "featuresCol", params.getFeaturesCol());
    long[] shape = inputShape(params, schema).orElse(ONE_NUMBER);
    FeatureColumn column = FeatureColumn.of(schema, features.name(), shape);
    long length = vectorLength(features);
    if (length > 0 && length != column.width()) {
      throw new ParamException(
          "featuresCol '"
              + features.name()
              + "' has vectors of "
              + length
              + " values, as its metadata says, and inputShape "
              + Arrays.toString(shape)
              + " needs "
              + column.width()
              + "; set inputShape to sizes whose product is "
              + length
              + ", or combine other columns");
    }
    StructType output = schema;
    output = append(output, "rawPredictionCol", params.getRawPredictionCol(), vector());
    output = append(output, "probabilityCol", params.getProbabilityCol(), vector());
    return append(output, "predictionCol", params.getPredictionCol(), DataTypes.DoubleType);
  }

  /**
   * The shape of one row's features, as far as Params and columns say it: that of the Param, else
   * the length of vectors where an assembler left it in the metadata, else one number where the
   * column holds numbers. Empty if only rows can tell.
   */
  public static Optional<long[]> inputShape(NetworkParams params, StructType schema) {
    if (params.isDefined(params.inputShape())) {
      return Optional.of(Arrays.stream(params.getInputShape()).asLongStream().toArray());
    }
    StructField field = require(schema, "featuresCol", params.getFeaturesCol());
    long length = vectorLength(field);
    if (length > 0) {
      return Optional.of(new long[] {length});
    }
    return field.dataType() instanceof NumericType ? Optional.of(ONE_NUMBER) : Optional.empty();
  }

  /** How many values a column's vectors have; not positive if the metadata does not say it. */
  private static long vectorLength(StructField field) {
    return field.dataType().equals(vector())
        ? AttributeGroup$.MODULE$.fromStructField(field).size()
        : 0;
  }

  /** The field a param names. */
  private static StructField require(StructType schema, String param, String name) {
    List<StructField> named =
        Arrays.stream(schema.fields()).filter(field -> field.name().equals(name)).toList();
    if (named.size() > 1) {
      throw new ParamException(
          param
              + " '"
              + name
              + "' is the name of "
              + named.size()
              + " columns; drop or rename all but one");
    }
    if (named.isEmpty()) {
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
    return named.get(0);
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

  private static DataType vector() {
    return SQLDataTypes.VectorType();
  }
}
