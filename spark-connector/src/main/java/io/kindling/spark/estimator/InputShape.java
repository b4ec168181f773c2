package io.kindling.spark.estimator;

import io.kindling.spark.param.ParamException;
import java.util.List;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.attribute.AttributeGroup$;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.StructField;

/** The shape of a row's features where no Param says it: one dimension. */
final class InputShape {
  private InputShape() {}

  /** From the column's metadata if an assembler left any, from the first row otherwise. */
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
    List<Row> first =
        rows.select(functions.col("`" + featuresCol.replace("`", "``") + "`")).takeAsList(1);
    if (first.isEmpty()) {
      throw new ParamException("fit was given no rows; give it at least one");
    }
    return new long[] {length(first.get(0), featuresCol)};
  }

  private static int length(Row row, String featuresCol) {
    int length = 0;
    if (!row.isNullAt(0)) {
      length = row.get(0) instanceof Vector vector ? vector.size() : row.getList(0).size();
    }
    if (length == 0) {
      throw new ParamException(
          "featuresCol '"
              + featuresCol
              + "' is "
              + (row.isNullAt(0) ? "null" : "empty")
              + " in the first row, so the length of the features is unknown; drop such rows, or"
              + " call setInputShape");
    }
    return length;
  }
}
