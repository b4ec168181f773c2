package io.kindling.spark.train;

import io.kindling.spark.feed.FeedRow;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.Function2;
import scala.Tuple2;

/**
 * Deals a source partition's rows to workers as in a game of cards. The first row of partition p
 * goes to worker {@code p % workers}, so that many small partitions do not all begin with the same
 * worker, and each further one to the next worker. Rows to learn and rows for validation are dealt
 * apart, so that a regular pattern of the two does not give one worker all of one kind.
 */
final class RowDealer
    implements Function2<Integer, Iterator<FeedRow>, Iterator<Tuple2<Integer, RowBlock>>> {
  private static final long serialVersionUID = 1L;

  private final int width;
  private final int workers;

  /**
   * @param width how many features a row has
   */
  RowDealer(int width, int workers) {
    this.width = width;
    this.workers = workers;
  }

  @Override
  public Iterator<Tuple2<Integer, RowBlock>> call(Integer partition, Iterator<FeedRow> rows) {
    return new Deal(partition, rows);
  }

  /** Rows in, blocks with their worker's rank out, as each fills up. */
  private final class Deal implements Iterator<Tuple2<Integer, RowBlock>> {
    private final int partition;
    private final Iterator<FeedRow> rows;
    private final RowBlock.Builder[] hands = new RowBlock.Builder[workers];
    private final Deque<Tuple2<Integer, RowBlock>> ready = new ArrayDeque<>();
    private int nextTraining;
    private int nextValidation;

    Deal(int partition, Iterator<FeedRow> rows) {
      this.partition = partition;
      this.rows = rows;
      this.nextTraining = partition % workers;
      this.nextValidation = partition % workers;
    }

    @Override
    public boolean hasNext() {
      while (ready.isEmpty() && rows.hasNext()) {
        deal(rows.next());
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
      int worker;
      if (row.validation()) {
        worker = nextValidation;
        nextValidation = (worker + 1) % workers;
      } else {
        worker = nextTraining;
        nextTraining = (worker + 1) % workers;
      }
      if (hands[worker] == null) {
        hands[worker] = new RowBlock.Builder(partition, width);
      }
      hands[worker].add(row);
      if (hands[worker].isFull()) {
        ready.add(new Tuple2<>(worker, hands[worker].take()));
      }
    }
  }
}
