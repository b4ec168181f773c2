package io.kindling.spark.train;

import io.kindling.distributed.ProcessGroup;
import io.kindling.distributed.ReduceOp;
import io.kindling.tensor.Tensor;
import java.util.Arrays;

/**
 * How many rows each worker holds, as all of them know it.
 *
 * @param training to learn
 * @param validation to measure only
 */
@SuppressWarnings("ArrayRecordComponent")
record RowCounts(long[] training, long[] validation) {

  /** Tells the other members, and hears from them. */
  static RowCounts agree(ProcessGroup group, long training, long validation) {
    int size = group.size();
    long[] mine = new long[2 * size];
    mine[group.rank()] = training;
    mine[size + group.rank()] = validation;
    try (Tensor counts = Tensor.of(mine)) {
      group.allReduce(counts, ReduceOp.SUM);
      long[] all = counts.toLongArray();
      return new RowCounts(
          Arrays.copyOfRange(all, 0, size), Arrays.copyOfRange(all, size, 2 * size));
    }
  }

  long totalTraining() {
    return Arrays.stream(training).sum();
  }

  long totalValidation() {
    return Arrays.stream(validation).sum();
  }

  /**
   * Checks that there is something to learn.
   *
   * @throws NoRowsException on every worker if there is not
   */
  void requireRowsToLearn() {
    if (totalTraining() == 0) {
      throw new NoRowsException(
          totalValidation() == 0
              ? "fit was given no rows; give it at least one"
              : "all "
                  + totalValidation()
                  + " rows are for validation; leave some to learn, where validationIndicatorCol"
                  + " is false");
    }
  }
}
