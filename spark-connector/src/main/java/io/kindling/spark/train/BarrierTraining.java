package io.kindling.spark.train;

import io.kindling.spark.feed.BinaryRows;
import io.kindling.spark.feed.FeatureColumn;
import io.kindling.spark.feed.LabelColumn;
import io.kindling.spark.feed.TrainingColumns;
import io.kindling.spark.resource.ClusterSlots;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.spark.Partitioner;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.functions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.reflect.ClassTag;

/**
 * Trains a network in one barrier stage: all workers run at the same time or not at all.
 *
 * <p>Two passes are made over the dataset. The first counts the rows of each partition, from which
 * every row's number in the whole follows; the second deals rows to workers by that number, so
 * which worker learns what depends on the order of the rows alone, not on how they are partitioned.
 * A dataset that is costly to compute is best cached.
 *
 * <p>A shuffle follows the barrier stage, as Spark repeats a failed stage only if another one
 * depends on its output.
 */
public final class BarrierTraining {
  private static final Logger LOG = LoggerFactory.getLogger(BarrierTraining.class);

  private BarrierTraining() {}

  /**
   * Trains, and returns when it is done.
   *
   * @throws TrainingException if it cannot start, or fails on a worker, which the message names
   */
  public static TrainingResult run(
      Dataset<Row> dataset, ColumnNames columns, TrainingConfig config) {
    SparkContext context = dataset.sparkSession().sparkContext();
    ClusterSlots.require(context, config.numWorkers());
    String run = UUID.randomUUID().toString();
    ProgressAccumulator progress = new ProgressAccumulator();
    context.register(progress, ProgressAccumulator.NAME);
    try {
      Dataset<Row> selected = select(dataset, columns);
      TrainingColumns read = read(selected, columns, config);
      JavaRDD<InternalRow> rows = BinaryRows.of(selected);
      PartitionCounts counts = PartitionCounts.count(rows, columns);
      LOG.info(
          "training run {} on {} rows ({} for validation) with {} workers",
          run,
          counts.trainingRows(),
          counts.validationRows(),
          config.numWorkers());
      if (counts.trainingRows() == 0) {
        throw new TrainingException(
            counts.validationRows() == 0
                ? "fit was given no rows; give it at least one"
                : "all "
                    + counts.validationRows()
                    + " rows are for validation; leave some to learn where '"
                    + columns.validation()
                    + "' is false");
      }
      RowDealer dealer = new RowDealer(read, counts, config.numWorkers());
      JavaPairRDD<Integer, RowBlock> dealt =
          rows.mapPartitionsWithIndex(dealer, false)
              .mapToPair(pair -> pair)
              .partitionBy(new ByRank(config.numWorkers()));
      List<Outcome> outcomes =
          dealt
              .rdd()
              .barrier()
              .mapPartitions(
                  new TrainingTask(config, run, progress), false, ClassTag.apply(Outcome.class))
              .toJavaRDD()
              .repartition(1)
              .collect();
      return result(outcomes);
    } catch (Exception e) {
      throw TrainingFailures.explain(e);
    }
  }

  private static Dataset<Row> select(Dataset<Row> dataset, ColumnNames columns) {
    List<Column> needed = new ArrayList<>();
    for (String name : columns.all()) {
      needed.add(functions.col("`" + name.replace("`", "``") + "`"));
    }
    return dataset.select(needed.toArray(new Column[0]));
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
        throw new TrainingException(outcome.failure().getMessage(), outcome.failure());
      }
    }
    return outcomes.get(0).result();
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
