package io.kindling.spark.train;

import static org.assertj.core.api.Assertions.assertThat;

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
  void workersShareABatchEvenly() {
    BatchSchedule schedule = new BatchSchedule(5, 100, 100);

    assertThat(schedule.end(0, 0)).isEqualTo(3);
    assertThat(schedule.end(1, 0)).isEqualTo(2);
    assertThat(schedule.steps()).isEqualTo(50);
  }

  @Test
  void aWorkerWithoutRowsTakesPartInEveryStep() {
    BatchSchedule schedule = new BatchSchedule(4, 6, 0);

    assertThat(schedule.steps()).isEqualTo(3);
    assertThat(schedule.end(1, 2)).isZero();
    assertThat(schedule.batchRows(2)).isEqualTo(2);
  }

  private static long[] deal(int total, int workers) {
    long[] rows = new long[workers];
    for (int row = 0; row < total; row++) {
      rows[row % workers]++;
    }
    return rows;
  }
}
