package io.kindling.bench.spark;

import io.kindling.bench.model.FeedCase;
import io.kindling.memory.Scope;
import io.kindling.spark.feed.BinaryRows;
import io.kindling.spark.feed.FeatureColumn;
import io.kindling.spark.feed.FeedRow;
import io.kindling.spark.feed.LocalBatches;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.bytedeco.javacpp.PointerScope;
import scala.collection.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Both ways of rows into tensors, in the tasks that hold the rows. */
public final class Feeds {
  private Feeds() {}

  /** Makes tensors of all rows. */
  @FunctionalInterface
  public interface Feed {
    /**
     * @param summed whether to compute the sum of all values, on which both sides must agree
     * @return that sum, or 0
     */
    double run(boolean summed);
  }

  /** What a batch becomes, counted in {@code summed}. */
  private interface Batches extends Serializable {
    double feed(int partition, Iterator<?> rows, boolean summed);
  }

  /**
   * Kindling's, as its training does it: rows in Spark's own form, checked one by one, written to a
   * local Arrow file that is mapped, and gathered from there.
   */
  public static Feed ours(Dataset<Row> rows, FeedCase.Kind kind) {
    FeatureColumn column = FeatureColumn.of(rows.schema(), "features", kind.width());
    JavaRDD<InternalRow> internal = BinaryRows.of(rows);
    return summed ->
        sum(internal, (partition, own, s) -> gather(column, partition, own, s), summed);
  }

  /** What one writes by hand for LibTorch: rows into arrays, an array a batch, a tensor of it. */
  public static Feed peer(Dataset<Row> rows, FeedCase.Kind kind) {
    JavaRDD<Row> external = rows.javaRDD();
    return summed -> sum(external, (partition, own, s) -> copy(kind, own, s), summed);
  }

  private static <R> double sum(JavaRDD<R> rows, Batches batches, boolean summed) {
    return rows
        .mapPartitionsWithIndex(
            (partition, own) -> List.of(batches.feed(partition, own, summed)).iterator(), false)
        .collect()
        .stream()
        .mapToDouble(Double::doubleValue)
        .sum();
  }

  private static double gather(
      FeatureColumn column, int partition, Iterator<?> rows, boolean summed) {
    double sum = 0;
    try (LocalBatches batches =
        LocalBatches.write(feedRows(column, partition, rows), DType.FLOAT32, column.inputShape())) {
      for (int begin = 0; begin < batches.size(); begin += FeedCase.BATCH) {
        int end = Math.min(batches.size(), begin + FeedCase.BATCH);
        try (Scope scope = Scope.open()) {
          Tensor features = batches.gather(IntStream.range(begin, end).toArray()).features();
          sum += summed ? features.sum().item() : 0;
        }
      }
    }
    return sum;
  }

  private static Iterator<FeedRow> feedRows(FeatureColumn column, int partition, Iterator<?> rows) {
    return new Iterator<>() {
      private final float[] values = new float[column.width()];
      private long index;

      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public FeedRow next() {
        column.read((InternalRow) rows.next(), partition, index, values);
        return new FeedRow(values, 0, false, partition, index++);
      }
    };
  }

  private static double copy(FeedCase.Kind kind, Iterator<?> rows, boolean summed) {
    double sum = 0;
    while (rows.hasNext()) {
      float[] values = new float[FeedCase.BATCH * kind.width()];
      int count = 0;
      while (rows.hasNext() && count < FeedCase.BATCH) {
        copy(((Row) rows.next()).get(0), values, count++ * kind.width());
      }
      try (PointerScope scope = new PointerScope()) {
        org.bytedeco.pytorch.Tensor features =
            org.bytedeco.pytorch.Tensor.create(values, FeedCase.BATCH, kind.width());
        sum += summed ? features.sum().item_double() : 0;
      }
    }
    return sum;
  }

  private static void copy(Object value, float[] target, int at) {
    int next = at;
    if (value instanceof DenseVector vector) {
      for (double element : vector.values()) {
        target[next++] = (float) element;
      }
    } else if (value instanceof Seq<?> elements) {
      for (Object element : CollectionConverters.asJava(elements)) {
        target[next++] = (Float) element;
      }
    } else {
      target[next] = ((Double) value).floatValue();
    }
  }
}
