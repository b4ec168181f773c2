package io.kindling.spark.catalyst;

import java.io.Serializable;
import java.util.Iterator;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Makes new columns for rows. It travels to executors; two that make the same of the same rows are
 * equal, so that Spark recognises a plan that it has cached.
 */
public interface RowPredictor extends Serializable {
  /**
   * Predicts one partition. Called in its task, once for each partition.
   *
   * @param rows the partition; Spark may reuse a row's memory for the next one
   * @param features where in a row its features are
   * @param partition the partition's number, for messages
   */
  Iterator<Predicted> predict(Iterator<InternalRow> rows, int features, int partition);

  /**
   * A row with the values of its new columns. Both may be reused for the next one.
   *
   * @param row as it came
   * @param added in the order of the columns that {@link Predict#columns} was given
   */
  record Predicted(InternalRow row, InternalRow added) {}
}
