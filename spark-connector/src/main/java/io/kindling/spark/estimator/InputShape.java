package io.kindling.spark.estimator;

import io.kindling.spark.feed.BinaryRows;
import io.kindling.spark.feed.FeatureColumn;
import io.kindling.spark.param.ParamException;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;

/** The shape of a row's features where neither Params nor columns say it: one dimension. */
final class InputShape {
  /** The length of no vector. */
  private static final int NULL = -1;

  private InputShape() {}

  /**
   * From the first row.
   *
   * @param rows the dataset that is trained on afterwards, so that it is planned once
   * @param featuresCol a column of vectors or arrays
   */
  static long[] infer(Dataset<Row> rows, String featuresCol) {
    int ordinal = rows.schema().fieldIndex(featuresCol);
    boolean isVector = rows.schema().fields()[ordinal].dataType().equals(SQLDataTypes.VectorType());
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
