package io.kindling.spark.train;

import io.kindling.spark.feed.BinaryRows;
import io.kindling.spark.feed.FeatureColumn;
import io.kindling.spark.feed.FeedRow;
import io.kindling.spark.feed.LabelColumn;
import io.kindling.spark.feed.TrainingColumns;
import io.kindling.spark.resource.ClusterSlots;
import io.kindling.tensor.DType;
import java.util.List;
import java.util.UUID;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.reflect.ClassTag;

/**
 * Trains a network in one barrier stage: all workers run at the same time or not at all.
 *
 * <p>The dataset is computed once. Which worker learns what follows from its partitions and the
 * order of rows in them, see {@link WorkerRows}: a fit is repeated bit by bit when those are the
 * same, and the seed and the number of workers.
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
   * @throws TrainingException if it cannot start, or fails on a worker, which the message names
   */
  public static TrainingResult run(
      Dataset<Row> selected, ColumnNames columns, TrainingConfig config) {
    SparkContext context = selected.sparkSession().sparkContext();
    ClusterSlots.require(context, config.numWorkers());
    String run = UUID.randomUUID().toString();
    ProgressAccumulator progress = new ProgressAccumulator();
    context.register(progress, ProgressAccumulator.NAME);
    try {
      TrainingColumns read = read(selected, columns, config);
      DType inputType = RoundedInput.type(config);
      JavaRDD<FeedRow> rows = WorkerRows.of(BinaryRows.of(selected), read, config.numWorkers());
      List<Outcome> outcomes =
          rows.rdd()
              .barrier()
              .mapPartitions(
                  new TrainingTask(config, inputType, run, progress),
                  false,
                  ClassTag.apply(Outcome.class))
              .toJavaRDD()
              .repartition(1)
              .collect();
      return result(outcomes);
    } catch (Exception e) {
      throw TrainingFailures.explain(e);
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
