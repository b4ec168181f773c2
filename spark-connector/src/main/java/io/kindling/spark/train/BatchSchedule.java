package io.kindling.spark.train;

import java.util.Arrays;
import java.util.PriorityQueue;

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
    this.shares = shares(batchSize, this.rows);
    long most = 0;
    for (int worker = 0; worker < rows.length; worker++) {
      if (rows[worker] > 0) {
        most = Math.max(most, ceilDiv(rows[worker], shares[worker]));
      }
    }
    this.steps = (int) most;
  }

  /**
   * Every worker with rows gets one row of the batch, and what is left goes, a row at a time, to
   * whoever needs the most steps; the first of several. That is Adams' way of sharing out seats,
   * and no other shares need fewer steps.
   *
   * <p>Most of it is done at once. Were it stopped where all need at most {@code S} steps, workers
   * would have {@code ceil(rows / S)}, less than one more than their part. So with {@code S} of
   * total rows over a batch without a row a worker, no more is given than there is, and at most a
   * row a worker is left to be given singly.
   */
  private static long[] shares(int batchSize, long[] rows) {
    long total = Arrays.stream(rows).sum();
    long takers = Arrays.stream(rows).filter(count -> count > 0).count();
    long sure = Math.max(0, batchSize - takers);
    long[] shares = new long[rows.length];
    PriorityQueue<Integer> slowest =
        new PriorityQueue<>((one, other) -> compareSteps(other, one, rows, shares));
    long given = 0;
    for (int worker = 0; worker < rows.length; worker++) {
      if (rows[worker] > 0) {
        shares[worker] = Math.max(1, ceilDiv(Math.multiplyExact(rows[worker], sure), total));
        given += shares[worker];
        slowest.add(worker);
      }
    }
    for (; given < batchSize && takers > 0; given++) {
      int worker = slowest.remove();
      shares[worker]++;
      slowest.add(worker);
    }
    return shares;
  }

  /** Positive if one worker needs more steps than the other, or as many and comes first. */
  private static int compareSteps(int one, int other, long[] rows, long[] shares) {
    int steps = Long.compare(rows[one] * shares[other], rows[other] * shares[one]);
    return steps != 0 ? steps : Integer.compare(other, one);
  }

  private static long ceilDiv(long dividend, long divisor) {
    return -Math.floorDiv(-dividend, divisor);
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

  /**
   * The same batches, the rows of each in the order in which they are stored: a sum over them does
   * not mind, and memory or a disk is read forwards, in two thirds of the time.
   *
   * @param order a permutation of a worker's rows
   */
  int[] forwards(int worker, int[] order) {
    int[] stepOf = new int[order.length];
    int[] next = new int[steps];
    for (int step = 0; step < steps; step++) {
      next[step] = begin(worker, step);
      for (int i = next[step]; i < end(worker, step); i++) {
        stepOf[order[i]] = step;
      }
    }
    int[] forwards = new int[order.length];
    for (int row = 0; row < order.length; row++) {
      forwards[next[stepOf[row]]++] = row;
    }
    return forwards;
  }
}
