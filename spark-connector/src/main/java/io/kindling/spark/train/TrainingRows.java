package io.kindling.spark.train;

import io.kindling.spark.feed.LabeledRows;
import io.kindling.spark.feed.LocalBatches;

/** Rows of one worker, by number. */
interface TrainingRows {
  /** How many there are. */
  int count();

  /**
   * Rows as tensors in the current scope.
   *
   * @param rows numbers from 0 to {@code count() - 1}
   */
  LabeledRows gather(int[] rows);

  /** Some of a worker's stored rows: number i stands for {@code rows[i]}. */
  static TrainingRows of(LocalBatches stored, int[] rows) {
    return new TrainingRows() {
      @Override
      public int count() {
        return rows.length;
      }

      @Override
      public LabeledRows gather(int[] numbers) {
        int[] wanted = new int[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
          wanted[i] = rows[numbers[i]];
        }
        return stored.gather(wanted);
      }
    };
  }
}
