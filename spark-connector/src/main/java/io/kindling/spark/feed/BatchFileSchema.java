package io.kindling.spark.feed;

import io.kindling.tensor.DType;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The columns of a worker's file and where a record batch has them: Arrow lists the buffers of a
 * batch in the schema's order, each vector's validity bits before its values.
 *
 * <p>A row's features are a list of float32 or, as Arrow has no bfloat16, of the 16 bits of each as
 * an integer; the column's metadata say which, under {@code dtype}.
 *
 * @param width how many features a row has
 * @param type of the features, float32 or bfloat16
 */
record BatchFileSchema(int width, DType type) {
  static final String FEATURES = "features";
  static final String LABEL = "label";
  static final String VALIDATION = "validation";
  static final String PARTITION = "partition";
  static final String INDEX = "index";

  /** Positions among a batch's buffers; the list of features has validity bits of its own. */
  static final int FEATURES_BUFFER = 2;

  static final int LABEL_BUFFER = 4;
  static final int VALIDATION_BUFFER = 6;
  static final int PARTITION_BUFFER = 8;
  static final int INDEX_BUFFER = 10;
  static final int BUFFERS = 11;

  private static final int MOST_ROWS = 1024;
  private static final long MOST_BYTES = 16 << 20;

  BatchFileSchema {
    if (type != DType.FLOAT32 && type != DType.BFLOAT16) {
      throw new FeedException("rows are kept in float32 or bfloat16, not in " + type);
    }
  }

  Schema arrow() {
    ArrowType value =
        type == DType.BFLOAT16
            ? new ArrowType.Int(16, true)
            : new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
    FieldType features =
        new FieldType(
            false, new ArrowType.FixedSizeList(width), null, Map.of("dtype", type.toString()));
    return new Schema(
        List.of(
            new Field(FEATURES, features, List.of(column("value", value))),
            column(LABEL, new ArrowType.Int(64, true)),
            column(VALIDATION, ArrowType.Bool.INSTANCE),
            column(PARTITION, new ArrowType.Int(32, true)),
            column(INDEX, new ArrowType.Int(64, true))));
  }

  /**
   * Rows in every record batch but the last: few enough that writing takes little memory, and a
   * power of two, so that a row is found without a division.
   */
  int rowsPerBatch() {
    return (int) Long.highestOneBit(Math.max(1, Math.min(MOST_ROWS, MOST_BYTES / rowBytes())));
  }

  /** The bytes of a row's features. */
  long rowBytes() {
    return (long) width * type.bytes();
  }

  private static Field column(String name, ArrowType type) {
    return new Field(name, FieldType.notNullable(type), List.of());
  }
}
