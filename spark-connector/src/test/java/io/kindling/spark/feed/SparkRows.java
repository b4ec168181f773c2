package io.kindling.spark.feed;

import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.encoders.ExpressionEncoder;
import org.apache.spark.sql.catalyst.encoders.RowEncoder;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/** Rows as Spark's own encoders make them, in Spark's binary form. */
final class SparkRows {
  private SparkRows() {}

  static StructType schema(String name, DataType type) {
    return new StructType().add(name, type, true);
  }

  /** A row of these values. */
  static InternalRow of(StructType schema, Object... values) {
    Object[] external = values.clone();
    for (int i = 0; i < external.length; i++) {
      if (external[i] instanceof List<?> list) {
        external[i] = list.toArray(); // the encoder knows no Java lists
      }
    }
    return encoder(schema).createSerializer().apply(RowFactory.create(external)).copy();
  }

  private static ExpressionEncoder<Row> encoder(StructType schema) {
    return ExpressionEncoder.apply(RowEncoder.encoderFor(schema));
  }
}
