package io.kindling.spark.estimator;

import io.kindling.spark.feed.BinaryRows;
import io.kindling.spark.feed.FeatureColumn;
import io.kindling.spark.param.ParamException;
import java.io.Serializable;
import org.apache.spark.TaskContext;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import scala.collection.Iterator;
import scala.collection.immutable.Range;
import scala.reflect.ClassTag;
import scala.runtime.AbstractFunction2;

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
    Integer first = first(BinaryRows.of(rows).rdd(), new FirstLength(ordinal, isVector));
    if (first == null) {
      throw new ParamException("fit was given no rows; give it at least one");
    }
    if (first <= 0) {
      throw new ParamException(
          "featuresCol '"
              + featuresCol
              + "' is "
              + (first == NULL ? "null" : "empty")
              + " in the first row, so the length of the features is unknown; drop such rows, or"
              + " call setInputShape");
    }
    return new long[] {first};
  }

  /**
   * Of the first partition, and of more and more others while those before have no row.
   *
   * <p>That is {@code take(1)}, which Spark makes of lambdas; see {@link
   * io.kindling.spark.train.BarrierTraining} on those.
   */
  private static Integer first(RDD<InternalRow> rows, FirstLength length) {
    int partitions = rows.getNumPartitions();
    int done = 0;
    for (int next = 1; done < partitions; next = Math.min(partitions, 4 * next)) {
      Object lengths =
          rows.context()
              .runJob(
                  rows, length, new Range.Exclusive(done, next, 1), ClassTag.apply(Integer.class));
      for (Integer found : (Integer[]) lengths) {
        if (found != null) {
          return found;
        }
      }
      done = next;
    }
    return null;
  }

  /** The length in a partition's first row, null if it has none. */
  private static final class FirstLength
      extends AbstractFunction2<TaskContext, Iterator<InternalRow>, Integer>
      implements Serializable {
    private static final long serialVersionUID = 1L;

    private final int ordinal;
    private final boolean isVector;

    FirstLength(int ordinal, boolean isVector) {
      this.ordinal = ordinal;
      this.isVector = isVector;
    }

    @Override
    public Integer apply(TaskContext context, Iterator<InternalRow> rows) {
      return rows.hasNext() ? length(rows.next(), ordinal, isVector) : null;
    }
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
