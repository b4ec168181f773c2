package io.kindling.spark.train;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * How many rows each source partition has. Rows to learn and rows for validation are numbered
 * apart, so that a regular pattern of the two does not give one worker all of one kind.
 */
final class PartitionCounts implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Rows before each partition, of each kind; one entry more than there are partitions. */
  private final long[] trainingBefore;

  private final long[] validationBefore;

  private PartitionCounts(List<long[]> counts) {
    trainingBefore = new long[counts.size() + 1];
    validationBefore = new long[counts.size() + 1];
    for (int i = 0; i < counts.size(); i++) {
      trainingBefore[i + 1] = trainingBefore[i] + counts.get(i)[0];
      validationBefore[i + 1] = validationBefore[i] + counts.get(i)[1];
    }
  }

  /** Counts with one job; {@code rows} have the columns of {@link ColumnNames#all}. */
  static PartitionCounts count(JavaRDD<InternalRow> rows, ColumnNames columns) {
    boolean validated = columns.validation() != null;
    return new PartitionCounts(
        new ArrayList<>(rows.mapPartitions(partition -> count(partition, validated)).collect()));
  }

  private static Iterator<long[]> count(Iterator<InternalRow> partition, boolean validated) {
    long[] counts = new long[2];
    while (partition.hasNext()) {
      InternalRow row = partition.next();
      // A null is refused when the row is dealt, where its number is known.
      boolean forValidation =
          validated
              && !row.isNullAt(ColumnNames.VALIDATION)
              && row.getBoolean(ColumnNames.VALIDATION);
      counts[forValidation ? 1 : 0]++;
    }
    return List.of(counts).iterator();
  }

  long trainingRows() {
    return trainingBefore[trainingBefore.length - 1];
  }

  long validationRows() {
    return validationBefore[validationBefore.length - 1];
  }

  /** The number, among all rows of its kind, of a partition's first row of that kind. */
  long first(int partition, boolean forValidation) {
    return forValidation ? validationBefore[partition] : trainingBefore[partition];
  }
}
