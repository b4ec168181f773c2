package io.kindling.spark.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindling.spark.estimator.NeuralNetworkClassifier;
import io.kindling.spark.feed.BinaryRows;
import io.kindling.spark.feed.FeatureColumn;
import io.kindling.spark.feed.FeedRow;
import io.kindling.spark.feed.LabelColumn;
import io.kindling.spark.feed.TrainingColumns;
import io.kindling.spark.testing.Blobs;
import io.kindling.spark.testing.LocalSpark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.LongAccumulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which worker gets which rows of which datasets. */
@Timeout(120)
class WorkerRowsTest {
  private static Dataset<Row> selected(Dataset<Row> dataset) {
    return dataset.select("features", "label", "held");
  }

  private static boolean staysInPlace(Dataset<Row> dataset) {
    return WorkerRows.hasOnlyPartitionsOfWorkers(BinaryRows.of(selected(dataset)).rdd(), 2);
  }

  /** Each worker's rows as texts of source partition, index there and kind, in their order. */
  private static List<List<String>> dealt(Dataset<Row> dataset, int workers) {
    Dataset<Row> rows = selected(dataset);
    TrainingColumns columns =
        TrainingColumns.of(
            rows.schema(),
            FeatureColumn.of(rows.schema(), "features", Blobs.WIDTH),
            LabelColumn.of(rows.schema(), "label", Blobs.CLASSES),
            "held");
    List<String> lines =
        WorkerRows.of(BinaryRows.of(rows), columns, workers)
            .mapPartitionsWithIndex(
                (worker, own) -> {
                  List<String> texts = new ArrayList<>();
                  while (own.hasNext()) {
                    FeedRow row = own.next();
                    String kind = row.validation() ? "v" : "t";
                    texts.add(worker + " " + row.partition() + ":" + row.index() + kind);
                  }
                  return texts.iterator();
                },
                false)
            .collect();
    List<List<String>> byWorker = new ArrayList<>();
    for (int worker = 0; worker < workers; worker++) {
      String mine = worker + " ";
      byWorker.add(
          lines.stream()
              .filter(line -> line.startsWith(mine))
              .map(line -> line.substring(mine.length()))
              .toList());
    }
    return byWorker;
  }

  @Test
  void rowsOfAsManyPartitionsAsWorkersStayInOrderWhereTheyAre() {
    // Every fifth row is held back: rows 0 and 5, of which 5 is the second of partition 1.
    assertThat(dealt(Blobs.dataset(8, 2), 2))
        .containsExactly(
            List.of("0:0v", "0:1t", "0:2t", "0:3t"), List.of("1:0t", "1:1v", "1:2t", "1:3t"));
  }

  @Test
  void otherRowsAreDealtByPartitionAndIndexTheTwoKindsApart() {
    List<List<String>> workers = dealt(Blobs.dataset(12, 3), 2);

    assertThat(workers.get(0))
        .containsExactlyInAnyOrder("0:0v", "0:1t", "0:3t", "1:2t", "2:0t", "2:2v", "2:3t");
    assertThat(workers.get(1)).containsExactlyInAnyOrder("0:2t", "1:0t", "1:1v", "1:3t", "2:1t");
  }

  @Test
  void partitionsOfOneRowAndEmptyOnesAreDealtEvenly() {
    List<List<String>> workers = dealt(Blobs.dataset(6, 6).where("not held"), 3);

    assertThat(workers).containsExactly(List.of("3:0t"), List.of("1:0t", "4:0t"), List.of("2:0t"));
  }

  @Test
  void cachedReadAndShuffledPartitionsStay(@TempDir Path folder) {
    Dataset<Row> two = Blobs.dataset(40, 2);
    assertThat(staysInPlace(two)).isTrue();
    assertThat(staysInPlace(two.where("not held").withColumn("x", functions.lit(1)))).isTrue();
    Dataset<Row> cached = Blobs.dataset(40, 2).persist(StorageLevel.MEMORY_ONLY());
    assertThat(cached.count()).isEqualTo(40);
    assertThat(staysInPlace(cached)).isTrue();
    cached.unpersist();

    Dataset<Row> five = Blobs.dataset(40, 5);
    assertThat(staysInPlace(five.repartition(2))).isTrue();
    assertThat(staysInPlace(five.repartition(2).sortWithinPartitions("id"))).isTrue();
    String file = folder.resolve("rows").toString();
    two.write().parquet(file);
    assertThat(staysInPlace(LocalSpark.session().read().parquet(file))).isTrue();
  }

  @Test
  void whatABarrierStageCannotComputeOrHasOtherPartitionsIsDealt() {
    Dataset<Row> five = Blobs.dataset(40, 5);
    assertThat(staysInPlace(five)).isFalse();
    assertThat(staysInPlace(five.coalesce(2))).isFalse();
    assertThat(staysInPlace(Blobs.dataset(9, 1).union(Blobs.dataset(9, 1)))).isFalse();
    assertThat(staysInPlace(five.limit(7))).isFalse();
  }

  /** Datasets of every origin train, each row once an epoch. */
  @Test
  void datasetsOfEveryOriginTrain() throws Exception {
    Dataset<Row> five = Blobs.dataset(40, 5);
    List<Dataset<Row>> datasets =
        List.of(
            Blobs.dataset(40, 2),
            five,
            five.repartition(2),
            five.coalesce(2),
            five.sort("id"),
            five.limit(40),
            Blobs.dataset(20, 1).union(Blobs.dataset(20, 1)),
            five.groupBy("id")
                .agg(
                    functions.first("features").as("features"),
                    functions.first("label").as("label"),
                    functions.first("held").as("held")));
    for (Dataset<Row> dataset : datasets) {
      var last = new AtomicReference<TrainingProgress>();
      SparkContext context = LocalSpark.session().sparkContext();
      try (var registration = ProgressListener.register(context, last::set)) {
        classifier().setMaxEpochs(2).fit(dataset);
        context.listenerBus().waitUntilEmpty();
      }
      assertThat(last.get().rows()).isEqualTo(2 * 32);
    }
  }

  @Test
  void aDatasetIsComputedOnce() {
    for (int partitions : new int[] {2, 5}) {
      LongAccumulator computed = LocalSpark.session().sparkContext().longAccumulator();
      classifier().fit(counted(partitions, computed));
      assertThat(computed.sum()).isEqualTo(40);
    }
    LongAccumulator computed = LocalSpark.session().sparkContext().longAccumulator();
    NeuralNetworkClassifier withoutShape = classifier();
    withoutShape.clear(withoutShape.inputShape());
    // The first row, which has the shape, comes from the shuffle that training reads.
    withoutShape.fit(counted(5, computed).repartition(2));
    assertThat(computed.sum()).isEqualTo(40);
  }

  private static Dataset<Row> counted(int partitions, LongAccumulator computed) {
    Dataset<Row> plain = Blobs.dataset(40, partitions);
    MapFunction<Row, Row> count =
        row -> {
          computed.add(1);
          return row;
        };
    return plain.map(count, Encoders.row(plain.schema()));
  }

  @Test
  void aWorkerWhosePartitionIsEmptyTakesPartAndUnevenPartitionsLearnAllRows() {
    Dataset<Row> first = Blobs.dataset(60, 2).where("id < 30 or id = 31");
    assertThat(dealt(first, 2)).extracting(List::size).containsExactly(30, 1);
    assertThat(classifier().fit(first).history()).hasSize(1);

    Dataset<Row> half = Blobs.dataset(60, 2).where("id < 30");
    assertThat(dealt(half, 2)).extracting(List::size).containsExactly(30, 0);
    byte[] weights = classifier().fit(half).trained().weights();
    assertThat(classifier().fit(half).trained().weights()).isEqualTo(weights);
  }

  private static NeuralNetworkClassifier classifier() {
    return new NeuralNetworkClassifier()
        .setNetwork(Blobs.NETWORK)
        .setInputShape(Blobs.WIDTH)
        .setNumWorkers(2)
        .setBatchSize(8)
        .setMaxEpochs(1)
        .setValidationIndicatorCol("held");
  }
}
