package io.kindling.spark.feed;

import java.util.List;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The columns of a worker's file and where a record batch has them: Arrow lists the buffers of a
 * batch in the schema's order, each vector's validity bits before its values.
 */
final class BatchFileSchema {
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

  private BatchFileSchema() {}

  static Schema of(int width) {
    Field value =
        column("value", new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE), List.of());
    return new Schema(
        List.of(
            column(FEATURES, new ArrowType.FixedSizeList(width), List.of(value)),
            column(LABEL, new ArrowType.Int(64, true), List.of()),
            column(VALIDATION, ArrowType.Bool.INSTANCE, List.of()),
            column(PARTITION, new ArrowType.Int(32, true), List.of()),
            column(INDEX, new ArrowType.Int(64, true), List.of())));
  }

  /** Rows in every record batch but the last: few enough that writing takes little memory. */
  static int rowsPerBatch(int width) {
    return (int) Math.max(1, Math.min(MOST_ROWS, MOST_BYTES / (4L * width)));
  }

  private static Field column(String name, ArrowType type, List<Field> children) {
    return new Field(name, FieldType.notNullable(type), children);
  }
}
