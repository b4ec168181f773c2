package io.kindling.spark.estimator;

import io.kindling.spark.feed.BinaryRows;
import io.kindling.spark.feed.FeatureColumn;
import io.kindling.spark.param.ParamException;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.attribute.AttributeGroup$;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.StructField;

/** The shape of a row's features where no Param says it: one dimension. */
final class InputShape {
  /** The length of no vector. */
  private static final int NULL = -1;

  private InputShape() {}

  /**
   * From the column's metadata if an assembler left any, from the first row otherwise.
   *
   * @param rows the dataset that is trained on afterwards, so that it is planned once
   */
  static long[] infer(Dataset<Row> rows, String featuresCol) {
    StructField field = rows.schema().apply(featuresCol);
    boolean isVector = field.dataType().equals(SQLDataTypes.VectorType());
    if (isVector) {
      AttributeGroup group = AttributeGroup$.MODULE$.fromStructField(field);
      if (group.size() > 0) {
        return new long[] {group.size()};
      }
    }
    if (!isVector && !(field.dataType() instanceof ArrayType)) {
      return new long[] {1};
    }
    int ordinal = rows.schema().fieldIndex(featuresCol);
    List<Integer> first =
        BinaryRows.of(rows).mapPartitions(own -> firstLength(own, ordinal, isVector)).take(1);
    if (first.isEmpty()) {
      throw new ParamException("fit was given no rows; give it at least one");
    }
    if (first.get(0) <= 0) {
      throw new ParamException(
          "featuresCol '"
              + featuresCol
              + "' is "
              + (first.get(0) == NULL ? "null" : "empty")
              + " in the first row, so the length of the features is unknown; drop such rows, or"
              + " call setInputShape");
    }
    return new long[] {first.get(0)};
  }

  private static Iterator<Integer> firstLength(
      Iterator<InternalRow> rows, int ordinal, boolean isVector) {
    return rows.hasNext()
        ? List.of(length(rows.next(), ordinal, isVector)).iterator()
        : Collections.emptyIterator();
  }

  private static int length(InternalRow row, int ordinal, boolean isVector) {
    if (row.isNullAt(ordinal)) {
      return NULL;
    }
    return isVector
        ? FeatureColumn.vectorLength(row.getStruct(ordinal, 4))
        : row.getArray(ordinal).numElements();
  }
}
