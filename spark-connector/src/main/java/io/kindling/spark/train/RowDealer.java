package io.kindling.spark.train;

import io.kindling.spark.feed.FeedRow;
import io.kindling.spark.feed.TrainingColumns;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.sql.catalyst.InternalRow;
import scala.Tuple2;

/**
 * Deals a source partition's rows to workers as in a game of cards: row r of all rows of its kind
 * goes to worker {@code r % workers}. Each row is checked here, where its number is known.
 */
final class RowDealer
    implements Function2<Integer, Iterator<InternalRow>, Iterator<Tuple2<Integer, RowBlock>>> {
  private static final long serialVersionUID = 1L;

  private final TrainingColumns columns;
  private final PartitionCounts counts;
  private final int workers;

  RowDealer(TrainingColumns columns, PartitionCounts counts, int workers) {
    this.columns = columns;
    this.counts = counts;
    this.workers = workers;
  }

  @Override
  public Iterator<Tuple2<Integer, RowBlock>> call(Integer partition, Iterator<InternalRow> rows) {
    return new Deal(partition, rows);
  }

  /** Rows in, blocks with their worker's rank out, as each fills up. */
  private final class Deal implements Iterator<Tuple2<Integer, RowBlock>> {
    private final int partition;
    private final Iterator<InternalRow> rows;
    private final RowBlock.Builder[] hands = new RowBlock.Builder[workers];
    private final Deque<Tuple2<Integer, RowBlock>> ready = new ArrayDeque<>();
    private final float[] features = new float[columns.features().width()];
    private long index;
    private long nextTraining;
    private long nextValidation;

    Deal(int partition, Iterator<InternalRow> rows) {
      this.partition = partition;
      this.rows = rows;
      this.nextTraining = counts.first(partition, false);
      this.nextValidation = counts.first(partition, true);
    }

    @Override
    public boolean hasNext() {
      while (ready.isEmpty() && rows.hasNext()) {
        deal(columns.read(rows.next(), partition, index++, features));
      }
      if (ready.isEmpty()) {
        for (int worker = 0; worker < workers; worker++) {
          if (hands[worker] != null && !hands[worker].isEmpty()) {
            ready.add(new Tuple2<>(worker, hands[worker].take()));
          }
        }
      }
      return !ready.isEmpty();
    }

    @Override
    public Tuple2<Integer, RowBlock> next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return ready.remove();
    }

    private void deal(FeedRow row) {
      int worker = (int) ((row.validation() ? nextValidation++ : nextTraining++) % workers);
      if (hands[worker] == null) {
        hands[worker] = new RowBlock.Builder(partition, columns.features().width());
      }
      hands[worker].add(row);
      if (hands[worker].isFull()) {
        ready.add(new Tuple2<>(worker, hands[worker].take()));
      }
    }
  }
}
