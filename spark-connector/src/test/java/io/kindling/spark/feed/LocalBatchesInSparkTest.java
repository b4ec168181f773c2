package io.kindling.spark.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.memory.Scope;
import io.kindling.spark.testing.LocalSpark;
import io.kindling.tensor.DType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The feed inside real tasks: the columns travel in closures, the file is in Spark's directory. */
class LocalBatchesInSparkTest {
  @Test
  void tasksKeepTheirRowsInSparksLocalDirectory(@TempDir Path directory) throws Exception {
    String folder = directory.toString();
    LocalSpark.stop();
    try (SparkSession session =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .config("spark.local.dir", folder)
            .getOrCreate()) {
      Dataset<Row> table =
          new VectorAssembler()
              .setInputCols(new String[] {"id", "half"})
              .setOutputCol("features")
              .transform(
                  session
                      .range(0, 3000, 1, 3)
                      .selectExpr(
                          "id", "id / 2 AS half", "id % 10 AS label", "id % 4 = 0 AS held"));
      TrainingColumns columns = columns(table);
      List<String> seen =
          BinaryRows.of(table).mapPartitions(rows -> check(columns, rows, folder)).collect();
      assertThat(seen).containsExactly("1000 of 0", "1000 of 1", "1000 of 2");
      assertThat(arrowFiles(folder)).isEmpty();

      Dataset<Row> broken =
          table.selectExpr("IF(id = 1234, NULL, features) AS features", "label", "held");
      TrainingColumns ofBroken = columns(broken);
      assertThatThrownBy(
              () ->
                  BinaryRows.of(broken)
                      .mapPartitions(rows -> check(ofBroken, rows, folder))
                      .collect())
          .rootCause()
          .isInstanceOf(FeedException.class)
          .hasMessageContainingAll("'features'", "row 234 of partition 1", "null");
      assertThat(arrowFiles(folder)).isEmpty();
    }
  }

  private static TrainingColumns columns(Dataset<Row> table) {
    return TrainingColumns.of(
        table.schema(),
        FeatureColumn.of(table.schema(), "features", 2),
        LabelColumn.of(table.schema(), "label", 10),
        "held");
  }

  private static Iterator<String> check(
      TrainingColumns columns, Iterator<InternalRow> rows, String folder) {
    int partition = TaskContext.getPartitionId();
    List<FeedRow> read = new ArrayList<>();
    for (long index = 0; rows.hasNext(); index++) {
      read.add(columns.read(rows.next(), partition, index, new float[2]));
    }
    Collections.reverse(read);
    try (Scope scope = Scope.open();
        LocalBatches batches = LocalBatches.write(read.iterator(), DType.FLOAT32, 2)) {
      assertThat(arrowFiles(folder)).isNotEmpty();
      LabeledRows gathered = batches.gather(IntStream.range(0, batches.size()).toArray());
      float[] features = gathered.features().toFloatArray();
      for (int i = 0; i < batches.size(); i++) {
        assertThat(features[2 * i]).isEqualTo(partition * 1000 + i);
        assertThat(features[2 * i + 1]).isEqualTo((partition * 1000 + i) / 2f);
      }
      assertThat(batches.validationRows()).hasSize(250);
      return List.of(batches.size() + " of " + partition).iterator();
    }
  }

  /** Files below the folder that start as Arrow files do. */
  private static List<Path> arrowFiles(String folder) {
    try (Stream<Path> files = Files.walk(Path.of(folder))) {
      return files.filter(Files::isRegularFile).filter(LocalBatchesInSparkTest::isArrow).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isArrow(Path file) {
    try (var stream = Files.newInputStream(file)) {
      return new String(stream.readNBytes(6), StandardCharsets.US_ASCII).equals("ARROW1");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
