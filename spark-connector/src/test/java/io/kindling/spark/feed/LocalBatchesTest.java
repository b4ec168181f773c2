package io.kindling.spark.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.MemoryException;
import io.kindling.backend.Backend;
import io.kindling.backend.Backends;
import io.kindling.data.arrow.ArrowTensors;
import io.kindling.memory.OffHeap;
import io.kindling.memory.Scope;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import io.kindling.tensor.HalfPrecision;
import io.kindling.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalBatchesTest {
  /** Plain Java, which keeps numbers below 1.2e-38. */
  private static final Backend LAST =
      Backends.of(Device.Type.CPU).get(Backends.of(Device.Type.CPU).size() - 1);

  @TempDir Path folder;

  /** 1 and 1023 rows, a full batch, one more, and several. */
  @ParameterizedTest
  @ValueSource(ints = {1, 1023, 1024, 1025, 5000})
  void rowsComeBackInTheGlobalOrderWhateverOrderTheyCameIn(int count) {
    List<FeedRow> shuffled = new ArrayList<>(rows(count));
    Collections.shuffle(shuffled, new Random(4));
    try (Scope scope = Scope.open();
        LocalBatches batches =
            LocalBatches.write(file(), shuffled.iterator(), DType.FLOAT32, 3, 2)) {
      assertThat(batches.size()).isEqualTo(count);
      int[] all = IntStream.range(0, count).toArray();
      LabeledRows gathered = batches.gather(all);
      assertThat(gathered.features().shape().toArray()).containsExactly(count, 3, 2);
      assertThat(gathered.features().dtype()).isEqualTo(DType.FLOAT32);
      assertThat(gathered.labels().dtype()).isEqualTo(DType.INT64);
      List<FeedRow> ordered = rows(count);
      float[] features = gathered.features().toFloatArray();
      long[] labels = gathered.labels().toLongArray();
      List<Integer> held = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        assertThat(labels[i]).isEqualTo(ordered.get(i).label());
        for (int j = 0; j < 6; j++) {
          assertThat(features[6 * i + j]).isEqualTo(ordered.get(i).features()[j]);
        }
        if (ordered.get(i).validation()) {
          held.add(i);
        }
      }
      assertThat(batches.validationRows())
          .containsExactly(held.stream().mapToInt(Integer::intValue).toArray());
      assertThat(batches.trainingRows())
          .containsExactly(IntStream.of(all).filter(i -> !held.contains(i)).toArray());
    }
  }

  @Test
  void anyRowsAreGatheredInAnyOrder() {
    try (Scope scope = Scope.open();
        LocalBatches batches =
            LocalBatches.write(file(), rows(3000).iterator(), DType.FLOAT32, 6)) {
      LabeledRows gathered = batches.gather(2999, 0, 1024, 0);
      List<FeedRow> rows = rows(3000);
      assertThat(gathered.labels().toLongArray())
          .containsExactly(
              rows.get(2999).label(),
              rows.get(0).label(),
              rows.get(1024).label(),
              rows.get(0).label());
      assertThat(gathered.features().select(0, 2).toFloatArray())
          .containsExactly(rows.get(1024).features());
      assertThat(gathered.features().storage().isReadOnly()).isFalse();
      assertThat(batches.gather().features().shape().toArray()).containsExactly(0, 6);
      assertThatThrownBy(() -> batches.gather(0, 3000))
          .isInstanceOf(FeedException.class)
          .hasMessageContainingAll("3000", "0 to 2999");
    }
  }

  @Test
  void aWorkerWithoutRowsHasAnEmptyFile() {
    try (Scope scope = Scope.open();
        LocalBatches batches =
            LocalBatches.write(file(), Collections.emptyIterator(), DType.FLOAT32, 4)) {
      assertThat(batches.size()).isZero();
      assertThat(batches.trainingRows()).isEmpty();
      assertThat(batches.gather().features().shape().toArray()).containsExactly(0, 4);
    }
  }

  @Test
  void theFileIsArrowAndGoesWithTheBatches() throws Exception {
    Path file = file();
    List<FeedRow> rows = rows(2500);
    try (LocalBatches batches = LocalBatches.write(file, rows.iterator(), DType.FLOAT32, 6);
        RootAllocator allocator = new RootAllocator();
        ArrowFileReader reader = new ArrowFileReader(Files.newByteChannel(file), allocator)) {
      assertThat(batches.size()).isEqualTo(2500);
      int first = 0;
      while (reader.loadNextBatch()) {
        Map<String, Tensor> columns = ArrowTensors.toTensors(reader.getVectorSchemaRoot());
        long[] labels = columns.get("label").toLongArray();
        for (int i = 0; i < labels.length; i++) {
          assertThat(labels[i]).isEqualTo(rows.get(first + i).label());
        }
        first += labels.length;
        columns.values().forEach(Tensor::close);
      }
      assertThat(first).isEqualTo(2500);
    }
    assertThat(file).doesNotExist();
  }

  /** Of widths that leave some over, and values at which rounding has something to decide. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 8, 31, 4099})
  void rowsOfBfloat16AreWhatACastMakesOfThem(int width) throws Exception {
    float[] special = {
      0, -0f, 1, 1.00390625f, 1.01171875f, -1.00390626f, 3.4e38f, -Float.MAX_VALUE, 1e-38f, 1e-45f
    };
    Random random = new Random(width);
    List<FeedRow> rows = new ArrayList<>();
    for (int i = 0; i < 1500; i++) {
      float[] features = new float[width];
      for (int j = 0; j < width; j++) {
        features[j] =
            random.nextInt(4) == 0
                ? special[random.nextInt(special.length)]
                : (float) random.nextGaussian();
      }
      rows.add(new FeedRow(features, i % 7, i % 3 == 0, 0, i));
    }
    Path file = file();
    int[] all = IntStream.range(0, 1500).toArray();
    try (Scope scope = Scope.open();
        LocalBatches rounded = LocalBatches.write(file, rows.iterator(), DType.BFLOAT16, width);
        LocalBatches exact =
            LocalBatches.write(folder.resolve("exact"), rows.iterator(), DType.FLOAT32, width)) {
      assertThat(Files.size(file)).isLessThan(1500L * (2 * width + width / 8 + 40) + 4096);
      Tensor features = rounded.gather(all).features();
      assertThat(features.dtype()).isEqualTo(DType.BFLOAT16);
      assertThat(features.shape().toArray()).containsExactly(1500, width);
      Tensor java = Backends.only(LAST, () -> exact.gather(all).features().to(DType.BFLOAT16));
      assertThat(features.toFloatArray()).isEqualTo(java.toFloatArray());
      assertThat(rounded.gather(1234, 7).features().toFloatArray())
          .isEqualTo(features.indexSelect(0, Tensor.of(new long[] {1234, 7})).toFloatArray());
      assertThat(rounded.validationRows()).isEqualTo(exact.validationRows());
      try (RootAllocator allocator = new RootAllocator();
          ArrowFileReader reader = new ArrowFileReader(Files.newByteChannel(file), allocator)) {
        assertThat(reader.loadNextBatch()).isTrue();
        FixedSizeListVector list =
            (FixedSizeListVector) reader.getVectorSchemaRoot().getVector("features");
        SmallIntVector bits = (SmallIntVector) list.getDataVector();
        assertThat(list.getField().getMetadata()).containsEntry("dtype", "bfloat16");
        assertThat(HalfPrecision.bfloat16ToFloat(bits.get(2 * width - 1)))
            .isEqualTo(features.select(0, 1).select(0, width - 1).toFloatArray()[0]);
      }
    }
  }

  @Test
  void rowsAreKeptInNoOtherType() {
    Path file = file();
    assertThatThrownBy(() -> LocalBatches.write(file, rows(3).iterator(), DType.INT8, 6))
        .isInstanceOf(FeedException.class)
        .hasMessageContaining("int8");
    assertThat(file).doesNotExist();
  }

  @Test
  void filesLargerThanOneMappingHaveSeveral() throws Exception {
    Path file = file();
    List<FeedRow> rows = rows(9 * 1024 + 5);
    BatchFileSchema schema = new BatchFileSchema(6, DType.FLOAT32);
    BatchFileWriter.write(file, rows.iterator(), schema);
    // A batch is some 50 kB: two in a segment, each in its own, all in one.
    for (long segmentBytes : new long[] {130_000, 1, MappedBatches.SEGMENT_BYTES}) {
      MappedBatches mapped = MappedBatches.map(file, schema, rows.size(), segmentBytes);
      for (int i = 0; i < rows.size(); i++) {
        FeedRow row = rows.get(i);
        assertThat(mapped.label(i)).isEqualTo(row.label());
        assertThat(mapped.partition(i)).isEqualTo(row.partition());
        assertThat(mapped.index(i)).isEqualTo(row.index());
        assertThat(mapped.isValidation(i)).isEqualTo(row.validation());
        assertThat(OffHeap.getFloat(mapped.features(i) + 20)).isEqualTo(row.features()[5]);
      }
      mapped.release();
    }
  }

  @Test
  void rowsOfManyValuesAreWrittenFewAtATime() {
    int width = 5 << 20;
    assertThat(new BatchFileSchema(width, DType.FLOAT32).rowsPerBatch()).isEqualTo(1);
    assertThat(new BatchFileSchema(784, DType.FLOAT32).rowsPerBatch()).isEqualTo(1024);
    // At most 16 MiB would be 419 and 838.
    assertThat(new BatchFileSchema(10_000, DType.FLOAT32).rowsPerBatch()).isEqualTo(256);
    assertThat(new BatchFileSchema(10_000, DType.BFLOAT16).rowsPerBatch()).isEqualTo(512);
    Iterator<FeedRow> three =
        IntStream.range(0, 3)
            .mapToObj(
                i -> {
                  float[] features = new float[width];
                  features[width - 1] = i;
                  return new FeedRow(features, i, false, 0, i);
                })
            .iterator();
    try (Scope scope = Scope.open();
        LocalBatches batches = LocalBatches.write(file(), three, DType.FLOAT32, width)) {
      assertThat(batches.gather(2, 1).features().select(1, width - 1).toFloatArray())
          .containsExactly(2, 1);
    }
  }

  @Test
  void twoRowsInOnePlaceAreRefused() {
    List<FeedRow> rows = new ArrayList<>(rows(10));
    rows.add(new FeedRow(new float[6], 0, false, rows.get(7).partition(), rows.get(7).index()));
    Path file = file();
    assertThatThrownBy(() -> LocalBatches.write(file, rows.iterator(), DType.FLOAT32, 6))
        .isInstanceOf(FeedException.class)
        .hasMessageContainingAll(
            "row " + rows.get(7).index() + " of partition " + rows.get(7).partition(), "cache()");
    assertThat(file).doesNotExist();
  }

  @Test
  void placesBeyondThirtyTwoBitsAreOrdered() {
    long far = 1L << 40;
    List<FeedRow> rows =
        List.of(
            new FeedRow(new float[1], 3, false, 1 << 20, far),
            new FeedRow(new float[1], 2, false, 1 << 20, far - 1),
            new FeedRow(new float[1], 1, false, 0, far + 1),
            new FeedRow(new float[1], 0, false, 0, 0));
    try (Scope scope = Scope.open();
        LocalBatches batches = LocalBatches.write(file(), rows.iterator(), DType.FLOAT32, 1)) {
      assertThat(batches.gather(0, 1, 2, 3).labels().toLongArray()).containsExactly(0, 1, 2, 3);
    }
    List<FeedRow> beyond =
        List.of(
            new FeedRow(new float[1], 0, false, Integer.MAX_VALUE, 0),
            new FeedRow(new float[1], 0, false, 0, Long.MAX_VALUE));
    Path file = folder.resolve("beyond");
    assertThatThrownBy(() -> LocalBatches.write(file, beyond.iterator(), DType.FLOAT32, 1))
        .isInstanceOf(FeedException.class);
  }

  @Test
  void aRowThatIsRefusedLeavesNoFile() {
    Path file = file();
    Iterator<FeedRow> failing =
        IntStream.range(0, 2000)
            .mapToObj(
                i -> {
                  if (i == 1500) {
                    throw new FeedException("row 1500 is broken");
                  }
                  return new FeedRow(new float[6], 0, false, 0, i);
                })
            .iterator();
    assertThatThrownBy(() -> LocalBatches.write(file, failing, DType.FLOAT32, 6))
        .hasMessage("row 1500 is broken");
    assertThat(file).doesNotExist();
    assertThatThrownBy(() -> LocalBatches.write(file, rows(3).iterator(), DType.FLOAT32, 5))
        .isInstanceOf(FeedException.class)
        .hasMessageContaining("6 values");
    assertThat(file).doesNotExist();
  }

  @Test
  void aFileThatExistsIsNotTouched() throws Exception {
    Path file = Files.writeString(file(), "somebody's");
    assertThatThrownBy(() -> LocalBatches.write(file, rows(3).iterator(), DType.FLOAT32, 6))
        .isInstanceOf(FeedException.class)
        .hasMessageContaining(file.toString());
    assertThat(file).hasContent("somebody's");
    Path nowhere = folder.resolve("missing").resolve("file");
    assertThatThrownBy(() -> LocalBatches.write(nowhere, rows(3).iterator(), DType.FLOAT32, 6))
        .isInstanceOf(FeedException.class)
        .hasMessageContainingAll(nowhere.toString(), "spark.local.dir");
  }

  @Test
  void closingIsFinal() {
    LocalBatches batches = LocalBatches.write(file(), rows(10).iterator(), DType.FLOAT32, 6);
    batches.close();
    batches.close();
    assertThatThrownBy(() -> batches.gather(0)).isInstanceOf(MemoryException.class);
  }

  @Test
  void threadsGatherAtOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (LocalBatches batches =
        LocalBatches.write(file(), rows(4000).iterator(), DType.FLOAT32, 6)) {
      List<FeedRow> rows = rows(4000);
      List<Callable<Boolean>> work = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        int offset = thread;
        work.add(
            () -> {
              for (int i = offset; i < 4000; i += 4) {
                try (LabeledRows row = batches.gather(i)) {
                  assertThat(row.labels().itemLong()).isEqualTo(rows.get(i).label());
                }
              }
              return true;
            });
      }
      for (Future<Boolean> done : threads.invokeAll(work)) {
        assertThat(done.get()).isTrue();
      }
    } finally {
      threads.shutdown();
    }
  }

  private Path file() {
    return folder.resolve("rows.arrow");
  }

  /** Rows in the global order: seven partitions, indices with gaps, six features each. */
  private static List<FeedRow> rows(int count) {
    List<FeedRow> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int partition = (int) (7L * i / count);
      float[] features = new float[6];
      for (int j = 0; j < 6; j++) {
        features[j] = i + j / 8f;
      }
      rows.add(new FeedRow(features, 31L * i % 10, i % 5 == 3, partition, 3L * i));
    }
    return rows;
  }
}
