package io.kindling.spark.train;

import java.util.Arrays;

/**
 * Who learns how many rows in which step. A worker's share of a batch is in proportion to its rows,
 * so that all run out of them together, or nearly: every worker takes part in every step, and
 * whoever has run out of rows takes part with none.
 */
final class BatchSchedule {
  /** How many times the mean is too much for one worker. */
  private static final double UNEVEN = 1.5;

  private final int batchSize;
  private final long[] rows;
  private final long[] shares;
  private final int steps;

  /**
   * @param batchSize rows of one step, of all workers together; at least one a worker
   * @param rows how many rows each worker holds
   */
  BatchSchedule(int batchSize, long... rows) {
    this.batchSize = batchSize;
    this.rows = rows.clone();
    this.shares = Arrays.stream(rows).map(Long::signum).toArray();
    // What is left of the batch goes, a row at a time, to whoever needs the most steps.
    for (long given = Arrays.stream(shares).sum(); given < batchSize; given++) {
      shares[slowest()]++;
    }
    this.steps = (int) Math.ceil(stepsOf(slowest()));
  }

  /** The worker that needs the most steps for its rows; the first of several. */
  private int slowest() {
    int slowest = 0;
    for (int worker = 1; worker < rows.length; worker++) {
      if (stepsOf(worker) > stepsOf(slowest)) {
        slowest = worker;
      }
    }
    return slowest;
  }

  private double stepsOf(int worker) {
    return rows[worker] == 0 ? 0 : (double) rows[worker] / shares[worker];
  }

  /** Whether one worker has so much more of a batch than the mean that the others wait for it. */
  boolean isUneven() {
    long most = 0;
    for (int worker = 0; worker < rows.length; worker++) {
      most = Math.max(most, Math.min(rows[worker], shares[worker]));
    }
    return most > UNEVEN * Math.ceil((double) Math.min(batchSize, totalRows()) / rows.length);
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
