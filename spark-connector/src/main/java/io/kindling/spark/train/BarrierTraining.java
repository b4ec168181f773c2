package io.kindling.spark.train;

import io.kindling.spark.feed.BinaryRows;
import io.kindling.spark.feed.FeatureColumn;
import io.kindling.spark.feed.FeedRow;
import io.kindling.spark.feed.LabelColumn;
import io.kindling.spark.feed.TrainingColumns;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.spark.HashPartitioner;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import org.apache.spark.rdd.ShuffledRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.Tuple2;
import scala.collection.Iterator;
import scala.collection.immutable.Range;
import scala.reflect.ClassTag;
import scala.runtime.AbstractFunction2;

/**
 * Trains a network in one barrier stage: all workers run at the same time or not at all.
 *
 * <p>The dataset is computed once. Which worker learns what follows from its partitions and the
 * order of rows in them, see {@link WorkerRows}: a fit is repeated bit by bit when those are the
 * same, and the seed and the number of workers.
 *
 * <p>What Spark is given to run are named classes. For a lambda it reads all the bytecode of the
 * class around it, mostly one of its own largest, on the driver and for each job anew. That took
 * each fit 0.05 s, and the first three of a JVM, in which it is compiled, another 0.4 to 1.2 s.
 *
 * <p>A shuffle follows the barrier stage, as Spark repeats a failed stage only if another one
 * depends on its output.
 */
public final class BarrierTraining {
  private BarrierTraining() {}

  /**
   * Trains, and returns when it is done.
   *
   * @param selected what {@link ColumnNames#select} gives for {@code columns}
   * @param config whose workers the cluster can run all at once, see {@link
   *     io.kindling.spark.resource.ClusterSlots#require}; otherwise Spark looks again and again
   * @throws TrainingException if it fails on a worker, which the message names
   */
  public static TrainingResult run(
      Dataset<Row> selected, ColumnNames columns, TrainingConfig config) {
    SparkContext context = selected.sparkSession().sparkContext();
    String run = UUID.randomUUID().toString();
    ProgressAccumulator progress = new ProgressAccumulator();
    context.register(progress, ProgressAccumulator.NAME);
    try {
      TrainingColumns read = read(selected, columns, config);
      JavaRDD<FeedRow> rows = WorkerRows.of(BinaryRows.of(selected), read, config.numWorkers());
      RDD<Tuple2<Integer, Outcome>> outcomes =
          rows.rdd()
              .barrier()
              .mapPartitions(
                  new TrainingTask(config, run, progress), false, ClassTag.apply(Tuple2.class));
      return result(collect(outcomes));
    } catch (Exception e) {
      throw TrainingFailures.explain(e);
    }
  }

  /**
   * What {@code repartition(1).collect()} gives, without lambdas of Scala: for such, Spark reads
   * all the bytecode of the class around them, here its largest ones, on the driver and each time
   * anew.
   */
  private static List<Outcome> collect(RDD<Tuple2<Integer, Outcome>> outcomes) {
    RDD<Tuple2<Integer, Outcome>> together =
        new ShuffledRDD<>(
            outcomes,
            new HashPartitioner(1),
            ClassTag.apply(Integer.class),
            ClassTag.apply(Outcome.class),
            ClassTag.apply(Outcome.class));
    Object ofPartitions =
        outcomes
            .context()
            .runJob(
                together,
                new Values(),
                new Range.Exclusive(0, 1, 1),
                ClassTag.apply(Outcome[].class));
    return List.of(((Outcome[][]) ofPartitions)[0]);
  }

  /** The values of a partition's pairs. */
  private static final class Values
      extends AbstractFunction2<TaskContext, Iterator<Tuple2<Integer, Outcome>>, Outcome[]>
      implements Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public Outcome[] apply(TaskContext context, Iterator<Tuple2<Integer, Outcome>> pairs) {
      List<Outcome> values = new ArrayList<>();
      while (pairs.hasNext()) {
        values.add(pairs.next()._2());
      }
      return values.toArray(Outcome[]::new);
    }
  }

  private static TrainingColumns read(
      Dataset<Row> selected, ColumnNames columns, TrainingConfig config) {
    return TrainingColumns.of(
        selected.schema(),
        FeatureColumn.of(selected.schema(), columns.features(), config.inputShape()),
        LabelColumn.of(selected.schema(), columns.label(), config.numClasses()),
        columns.validation());
  }

  private static TrainingResult result(List<Outcome> outcomes) {
    for (Outcome outcome : outcomes) {
      if (outcome.failure() != null) {
        throw outcome.failure();
      }
    }
    return outcomes.get(0).result();
  }
}
