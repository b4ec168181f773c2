package io.kindling.spark.train;

import io.kindling.distributed.ProcessGroup;
import io.kindling.distributed.ReduceOp;
import io.kindling.tensor.Tensor;
import java.util.Arrays;

/**
 * Who learns how many rows in which step. Every worker takes part in every step, the one with the
 * most rows a share decides how many there are; whoever has run out of rows takes part with none.
 */
final class BatchSchedule {
  private final long[] rows;
  private final long[] shares;
  private final int steps;

  /**
   * @param batchSize rows of one step, of all workers together
   * @param rows how many rows each worker holds
   */
  BatchSchedule(int batchSize, long... rows) {
    this.rows = rows.clone();
    this.shares = new long[rows.length];
    long most = 0;
    for (int worker = 0; worker < rows.length; worker++) {
      // The first workers take what does not divide evenly, as they may hold a row more, too.
      shares[worker] = batchSize / rows.length + (worker < batchSize % rows.length ? 1 : 0);
      most = Math.max(most, (rows[worker] + shares[worker] - 1) / shares[worker]);
    }
    this.steps = Math.toIntExact(most);
  }

  /** Agrees with the other members on one schedule. */
  static BatchSchedule agree(ProcessGroup group, int batchSize, long localRows) {
    long[] mine = new long[group.size()];
    mine[group.rank()] = localRows;
    try (Tensor counts = Tensor.of(mine)) {
      group.allReduce(counts, ReduceOp.SUM);
      return new BatchSchedule(batchSize, counts.toLongArray());
    }
  }

  /** How many steps an epoch has. */
  int steps() {
    return steps;
  }

  /** How many rows all workers hold. */
  long totalRows() {
    return Arrays.stream(rows).sum();
  }

  /** The first row of a worker's share of a step, counted from 0 in its order of the epoch. */
  int begin(int worker, int step) {
    return (int) Math.min(rows[worker], step * shares[worker]);
  }

  /** One past the last row of a worker's share of a step. */
  int end(int worker, int step) {
    return (int) Math.min(rows[worker], (step + 1) * shares[worker]);
  }

  /** How many rows all workers learn in a step. */
  long batchRows(int step) {
    long sum = 0;
    for (int worker = 0; worker < rows.length; worker++) {
      sum += end(worker, step) - begin(worker, step);
    }
    return sum;
  }
}
