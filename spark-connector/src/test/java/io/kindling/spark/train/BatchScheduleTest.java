package io.kindling.spark.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BatchScheduleTest {
  @Test
  void everyRowIsInExactlyOneBatchAndNoBatchIsTooLarge() {
    for (int workers = 1; workers <= 4; workers++) {
      for (int total : new int[] {0, 1, 2, 7, 20, 101}) {
        for (int batch : new int[] {4, 5, 16, 200}) {
          check(batch, deal(total, workers));
        }
      }
    }
  }

  private static void check(int batch, long[] rows) {
    BatchSchedule schedule = new BatchSchedule(batch, rows);
    for (int worker = 0; worker < rows.length; worker++) {
      int next = 0;
      for (int step = 0; step < schedule.steps(); step++) {
        assertThat(schedule.begin(worker, step)).isEqualTo(next);
        next = schedule.end(worker, step);
      }
      assertThat(next).isEqualTo((int) rows[worker]);
    }
    long learned = 0;
    for (int step = 0; step < schedule.steps(); step++) {
      assertThat(schedule.batchRows(step)).isBetween(1L, (long) batch);
      learned += schedule.batchRows(step);
    }
    assertThat(learned).isEqualTo(schedule.totalRows());
  }

  @Test
  void rowsGoForwardsWithinTheirBatches() {
    BatchSchedule schedule = new BatchSchedule(8, 10, 7);
    int[] order = {7, 2, 9, 0, 4, 1, 8, 3, 6, 5};

    int[] forwards = schedule.forwards(0, order);

    assertThat(schedule.steps()).isEqualTo(3);
    int end = 0;
    for (int step = 0; step < schedule.steps(); step++) {
      int begin = schedule.begin(0, step);
      end = schedule.end(0, step);
      assertThat(Arrays.copyOfRange(forwards, begin, end))
          .isSorted()
          .containsExactlyInAnyOrder(Arrays.copyOfRange(order, begin, end));
    }
    assertThat(end).isEqualTo(order.length);
    assertThat(schedule.forwards(1, new int[] {6, 5, 4, 3, 2, 1, 0})).hasSize(7);
  }

  @Test
  void workersShareABatchEvenly() {
    BatchSchedule schedule = new BatchSchedule(5, 100, 100);

    assertThat(schedule.end(0, 0)).isEqualTo(3);
    assertThat(schedule.end(1, 0)).isEqualTo(2);
    assertThat(schedule.steps()).isEqualTo(50);
  }

  @Test
  void aWorkersShareIsInProportionToItsRows() {
    BatchSchedule schedule = new BatchSchedule(16, 90, 10);

    assertThat(schedule.end(0, 0)).isEqualTo(14);
    assertThat(schedule.end(1, 0)).isEqualTo(2);
    assertThat(schedule.steps()).isEqualTo(7);
    check(16, new long[] {90, 10});
    check(16, new long[] {1000, 1, 0});
    check(5, new long[] {3, 100, 41, 7});
  }

  @Test
  void aWorkerWithoutRowsTakesPartInEveryStep() {
    BatchSchedule schedule = new BatchSchedule(4, 6, 0);

    assertThat(schedule.steps()).isEqualTo(2);
    assertThat(schedule.end(1, 1)).isZero();
    assertThat(schedule.batchRows(0)).isEqualTo(4);
    assertThat(schedule.batchRows(1)).isEqualTo(2);
  }

  @Test
  void onlyAShareFarAboveTheMeanIsUneven() {
    assertThat(new BatchSchedule(16, 60, 50).isUneven()).isFalse();
    assertThat(new BatchSchedule(16, 90, 10).isUneven()).isTrue();
    assertThat(new BatchSchedule(16, 0, 30).isUneven()).isTrue();
    assertThat(new BatchSchedule(16, 1, 0).isUneven()).isFalse();
    assertThat(new BatchSchedule(16, 100).isUneven()).isFalse();
  }

  /** The rule itself, a row at a time, is the oracle of the short way. */
  @Test
  void rowsOfABatchGoOneByOneToWhoeverNeedsTheMostSteps() {
    Random random = new Random(1);
    for (int draw = 0; draw < 500; draw++) {
      long[] rows = new long[1 + random.nextInt(12)];
      for (int worker = 0; worker < rows.length; worker++) {
        // Few different numbers, so that workers tie; some workers have far more than others.
        rows[worker] = random.nextInt(6) * (random.nextInt(4) == 0 ? 1000L : 7L);
      }
      int batch = rows.length + random.nextInt(100);
      long[] shares = new long[rows.length];
      for (int row = 0; row < batch; row++) {
        int slowest = slowest(rows, shares);
        shares[slowest] += rows[slowest] == 0 ? 0 : 1;
      }
      check(batch, rows);
      BatchSchedule schedule = new BatchSchedule(batch, rows);
      for (int worker = 0; worker < rows.length; worker++) {
        assertThat(schedule.end(worker, 0))
            .as("worker %d of %s, batch %d", worker, Arrays.toString(rows), batch)
            .isEqualTo((int) Math.min(rows[worker], shares[worker]));
      }
    }
  }

  private static int slowest(long[] rows, long[] shares) {
    int slowest = 0;
    for (int worker = 1; worker < rows.length; worker++) {
      if (steps(rows[worker], shares[worker]) > steps(rows[slowest], shares[slowest])) {
        slowest = worker;
      }
    }
    return slowest;
  }

  private static double steps(long rows, long share) {
    return rows == 0 ? 0 : (double) rows / share;
  }

  private static long[] deal(int total, int workers) {
    long[] rows = new long[workers];
    for (int row = 0; row < total; row++) {
      rows[row % workers]++;
    }
    return rows;
  }
}
