package io.kindling.spark.feed;

import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import scala.reflect.ClassTag;

/** A dataset's rows in Spark's own binary form, without an object for each value. */
public final class BinaryRows {
  private BinaryRows() {}

  /**
   * The rows in the dataset's columns and partitions. A row's memory is reused for the next one of
   * its partition. Every call for a dataset gives the rows of one plan, so what Spark shuffled for
   * one of its jobs serves the others.
   *
   * @throws FeedException if the dataset belongs to a client that has no plan
   */
  public static JavaRDD<InternalRow> of(Dataset<Row> dataset) {
    if (!(dataset instanceof org.apache.spark.sql.classic.Dataset<Row> classic)) {
      throw new FeedException(
          "rows are read where the plan is, and "
              + dataset.getClass().getName()
              + " has none here; work in the driver of the cluster");
    }
    return JavaRDD.fromRDD(classic.queryExecution().toRdd(), ClassTag.apply(InternalRow.class));
  }
}
