package io.kindling.spark.train;

import io.kindling.spark.feed.FeedRow;
import io.kindling.spark.feed.TrainingColumns;
import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.apache.spark.Dependency;
import org.apache.spark.Partitioner;
import org.apache.spark.ShuffleDependency;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.runtime.AbstractFunction2;

/** Which worker learns which rows: a partition of the result has those of one worker, checked. */
final class WorkerRows {
  private WorkerRows() {}

  /**
   * A dataset's rows, a partition for each worker. Where the dataset has such partitions, they are
   * the workers' and stay where they are; otherwise rows are dealt in a shuffle. Either way the
   * dataset is computed once.
   *
   * @param rows with the places that {@code columns} says
   */
  static JavaRDD<FeedRow> of(JavaRDD<InternalRow> rows, TrainingColumns columns, int workers) {
    JavaRDD<FeedRow> checked =
        rows.rdd()
            .mapPartitionsWithIndex(new Checked(columns), false, ClassTag.apply(FeedRow.class))
            .toJavaRDD();
    if (hasOnlyPartitionsOfWorkers(rows.rdd(), workers)) {
      return checked;
    }
    return checked
        .mapPartitionsWithIndex(new RowDealer(columns.features().width(), workers), false)
        .mapToPair(pair -> pair)
        .partitionBy(new ByRank(workers))
        .values()
        .mapPartitions(RowBlock::rows);
  }

  /**
   * Whether a barrier stage can compute the rows itself. Spark runs one only if all that it
   * computes, back to the last shuffle, has as many partitions as the stage has tasks: a task that
   * stands for several partitions, or for none, would break the promise that all run together
   * (SPARK-24820). So what {@code coalesce} or {@code union} gives is dealt.
   */
  static boolean hasOnlyPartitionsOfWorkers(RDD<?> rows, int workers) {
    Set<RDD<?>> seen = new HashSet<>();
    Deque<RDD<?>> next = new ArrayDeque<>();
    next.add(rows);
    while (!next.isEmpty()) {
      RDD<?> rdd = next.remove();
      if (!seen.add(rdd)) {
        continue;
      }
      if (rdd.getNumPartitions() != workers) {
        return false;
      }
      for (Dependency<?> dependency : CollectionConverters.asJava(rdd.dependencies())) {
        if (!(dependency instanceof ShuffleDependency)) {
          next.add(dependency.rdd());
        }
      }
    }
    return true;
  }

  /** Reads a partition; not a lambda, see {@link BarrierTraining}. */
  private static final class Checked
      extends AbstractFunction2<Object, Iterator<InternalRow>, Iterator<FeedRow>>
      implements Serializable {
    private static final long serialVersionUID = 1L;

    private final TrainingColumns columns;

    Checked(TrainingColumns columns) {
      this.columns = columns;
    }

    @Override
    public Iterator<FeedRow> apply(Object partition, Iterator<InternalRow> rows) {
      return CollectionConverters.asScala(
          columns.read((Integer) partition, CollectionConverters.asJava(rows)));
    }
  }

  /** Sends a block to the worker whose rank is its key. */
  private static final class ByRank extends Partitioner {
    private static final long serialVersionUID = 1L;

    private final int workers;

    ByRank(int workers) {
      this.workers = workers;
    }

    @Override
    public int numPartitions() {
      return workers;
    }

    @Override
    public int getPartition(Object key) {
      return (Integer) key;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof ByRank byRank && byRank.workers == workers;
    }

    @Override
    public int hashCode() {
      return workers;
    }
  }
}
