package io.kindling.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kindling.distributed.DistributedDataParallel;
import io.kindling.distributed.InProcessGroup;
import io.kindling.distributed.ProcessGroup;
import io.kindling.distributed.ZeroRedundancyOptimizer;
import io.kindling.memory.Scope;
import io.kindling.nn.Module;
import io.kindling.nn.NetworkSpec;
import io.kindling.optim.Adam;
import io.kindling.spark.feed.LabeledRows;
import io.kindling.spark.resource.Precision;
import io.kindling.tensor.DType;
import io.kindling.tensor.Generator;
import io.kindling.tensor.Tensor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WorkerTrainingTest {
  private static final int WIDTH = 4;
  private static final String NETWORK =
      """
      {"layers": [
        {"type": "Linear", "outFeatures": 8},
        {"type": "Tanh"},
        {"type": "Linear", "outFeatures": 3}]}
      """;

  /** What one worker ended with. */
  private record Trained(List<EpochResult> history, float[] weights) {}

  /** Rows in arrays, of which a worker sees those of its numbers. */
  private record ArrayRows(float[][] features, long[] labels, int[] mine) implements TrainingRows {
    static ArrayRows make(int count, int... mine) {
      Random random = new Random(5);
      float[][] features = new float[count][WIDTH];
      long[] labels = new long[count];
      for (int i = 0; i < count; i++) {
        labels[i] = i % 3;
        for (int j = 0; j < WIDTH; j++) {
          features[i][j] = (float) ((j == labels[i] ? 2 : 0) + 0.5 * random.nextGaussian());
        }
      }
      return new ArrayRows(features, labels, mine);
    }

    @Override
    public int count() {
      return mine.length;
    }

    @Override
    public LabeledRows gather(int[] rows) {
      float[] values = new float[rows.length * WIDTH];
      long[] classes = new long[rows.length];
      for (int i = 0; i < rows.length; i++) {
        System.arraycopy(features[mine[rows[i]]], 0, values, i * WIDTH, WIDTH);
        classes[i] = labels[mine[rows[i]]];
      }
      return new LabeledRows(Tensor.of(values, rows.length, WIDTH), Tensor.of(classes));
    }
  }

  private static TrainingConfig config(int batchSize, double learningRate, int workers) {
    return config(batchSize, learningRate, workers, "float32");
  }

  private static TrainingConfig config(
      int batchSize, double learningRate, int workers, String precision) {
    return new TrainingConfig(
        NETWORK,
        new long[] {WIDTH},
        3,
        batchSize,
        3,
        learningRate,
        "adam",
        0,
        1,
        workers,
        "cpu",
        precision,
        DType.FLOAT32);
  }

  private static Trained train(
      ProcessGroup group, TrainingRows rows, TrainingRows held, RowOrder order, TrainingConfig c) {
    Module module;
    try (Scope scope = Scope.open()) {
      module = NetworkSpec.parse(NETWORK).build(new long[] {WIDTH}, new Generator(c.seed()));
    }
    try (module;
        DistributedDataParallel network = new DistributedDataParallel(module, group);
        ZeroRedundancyOptimizer optimizer =
            new ZeroRedundancyOptimizer(network, shard -> new Adam(shard, c.learningRate()))) {
      List<EpochResult> history =
          new WorkerTraining(
                  network,
                  optimizer,
                  group,
                  rows,
                  held,
                  order,
                  c,
                  precision(c),
                  "test",
                  new TrainingMonitor() {})
              .run();
      return new Trained(history, weights(module));
    }
  }

  /** On every processor, fast or not. */
  private static Precision precision(TrainingConfig config) {
    return Precision.valueOf(config.precision().toUpperCase(Locale.ROOT));
  }

  private static float[] weights(Module module) {
    List<Float> all = new ArrayList<>();
    for (Tensor tensor : module.stateDict().values()) {
      for (float value : tensor.toFloatArray()) {
        all.add(value);
      }
    }
    float[] values = new float[all.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = all.get(i);
    }
    return values;
  }

  /** One thread a worker; worker w has the rows r with r % workers == w. */
  private static List<Trained> trainDealt(
      int workers, int rows, RowOrder order, TrainingConfig config) {
    List<ProcessGroup> groups = InProcessGroup.create(workers, Duration.ofSeconds(30));
    ExecutorService threads = Executors.newFixedThreadPool(workers);
    try {
      List<Future<Trained>> futures = new ArrayList<>();
      for (int worker = 0; worker < workers; worker++) {
        int rank = worker;
        futures.add(
            threads.submit(
                () -> {
                  try (ProcessGroup group = groups.get(rank)) {
                    return train(
                        group,
                        ArrayRows.make(rows, dealt(rows, workers, rank)),
                        ArrayRows.make(30, dealt(30, workers, rank)),
                        order,
                        config);
                  } catch (RuntimeException e) {
                    groups.get(rank).abort(e);
                    throw e;
                  }
                }));
      }
      List<Trained> results = new ArrayList<>();
      for (Future<Trained> future : futures) {
        results.add(future.get());
      }
      return results;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      threads.shutdown();
      awaitEnd(threads);
    }
  }

  private static void awaitEnd(ExecutorService threads) {
    try {
      assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static int[] dealt(int rows, int workers, int rank) {
    int[] mine = new int[(rows - rank + workers - 1) / workers];
    for (int i = 0; i < mine.length; i++) {
      mine[i] = rank + i * workers;
    }
    return mine;
  }

  /** Rows as stored: with two workers rows 0, 2, ... and 1, 3, ... make the batches of one. */
  private static final RowOrder AS_STORED = (epoch, rank, count) -> RowOrder.inOrder(count);

  @Test
  void workersDealtTheSameBatchesLearnTheSameAsOne() {
    // 50 rows leave the last batch of 16 short, and uneven between three workers.
    for (int workers = 2; workers <= 3; workers++) {
      Trained alone = trainDealt(1, 50, AS_STORED, config(16 * 3, 0.01, 1)).get(0);
      List<Trained> together = trainDealt(workers, 50, AS_STORED, config(16 * 3, 0.01, workers));

      for (Trained trained : together) {
        assertThat(trained.weights()).containsExactly(alone.weights(), within(2e-5f));
        for (int epoch = 0; epoch < 3; epoch++) {
          EpochResult expected = alone.history().get(epoch);
          EpochResult result = trained.history().get(epoch);
          assertThat(result.trainLoss()).isCloseTo(expected.trainLoss(), within(1e-5));
          assertThat(result.validationLoss()).isCloseTo(expected.validationLoss(), within(1e-5));
          assertThat(result.validationAccuracy()).isEqualTo(expected.validationAccuracy());
        }
      }
    }
  }

  @Test
  void allWorkersEndWithTheSameBits() {
    List<Trained> together = trainDealt(3, 40, RowOrder.shuffled(1), config(8, 0.01, 3));

    assertThat(together.get(1).weights()).isEqualTo(together.get(0).weights());
    assertThat(together.get(2).weights()).isEqualTo(together.get(0).weights());
  }

  @Test
  void theSameSeedGivesTheSameBitsTwiceAndAnotherSeedOthers() {
    TrainingConfig config = config(8, 0.01, 2);
    float[] once = trainDealt(2, 40, RowOrder.shuffled(1), config).get(0).weights();

    assertThat(trainDealt(2, 40, RowOrder.shuffled(1), config).get(0).weights()).isEqualTo(once);
    assertThat(trainDealt(2, 40, RowOrder.shuffled(2), config).get(0).weights()).isNotEqualTo(once);
  }

  @Test
  void theLossFalls() {
    List<EpochResult> history =
        trainDealt(1, 60, RowOrder.shuffled(1), config(4, 0.02, 1)).get(0).history();

    assertThat(history).extracting(EpochResult::epoch).containsExactly(1, 2, 3);
    assertThat(history.get(2).trainLoss()).isLessThan(0.5 * history.get(0).trainLoss());
    assertThat(history.get(2).validationAccuracy()).isGreaterThan(0.9);
    assertThat(history.get(2).rowsPerSecond()).isPositive();
  }

  @Test
  void inMixedPrecisionWorkersLearnTheSameWithinEightBits() {
    Trained exact = trainDealt(2, 60, RowOrder.shuffled(1), config(4, 0.02, 2)).get(0);
    List<Trained> mixed = trainDealt(2, 60, RowOrder.shuffled(1), config(4, 0.02, 2, "bfloat16"));

    assertThat(mixed.get(1).weights()).isEqualTo(mixed.get(0).weights());
    for (int epoch = 0; epoch < 3; epoch++) {
      EpochResult expected = exact.history().get(epoch);
      EpochResult result = mixed.get(0).history().get(epoch);
      assertThat(result.trainLoss()).isNotEqualTo(expected.trainLoss());
      assertThat(result.trainLoss()).isCloseTo(expected.trainLoss(), within(0.02));
      assertThat(result.validationLoss()).isCloseTo(expected.validationLoss(), within(0.02));
    }
  }

  @Test
  void aWorkerWithoutRowsTakesPart() {
    List<Trained> together = trainDealt(3, 2, RowOrder.shuffled(1), config(3, 0.01, 3));

    assertThat(together.get(2).weights()).isEqualTo(together.get(0).weights());
    assertThat(together.get(2).history()).hasSize(3);
  }

  @Test
  void withoutValidationRowsTheirMeasuresAreNaN() {
    try (ProcessGroup group = InProcessGroup.create(1, Duration.ofSeconds(30)).get(0)) {
      EpochResult result =
          train(
                  group,
                  ArrayRows.make(9, dealt(9, 1, 0)),
                  ArrayRows.make(9),
                  AS_STORED,
                  config(4, 0.01, 1))
              .history()
              .get(0);

      assertThat(result.validationLoss()).isNaN();
      assertThat(result.validationAccuracy()).isNaN();
    }
  }

  @Test
  void aLossThatIsNoNumberNamesEpochAndStepAndTheRemedy() {
    assertThatThrownBy(() -> trainDealt(1, 50, AS_STORED, config(10, 3e38, 1)))
        .isInstanceOf(TrainingException.class)
        .hasMessageMatching("the loss became (NaN|Infinity) in epoch 1, step [2-5] of 5; .*")
        .hasMessageContaining("lower learningRate (now 3.0E38)");
  }

  @Test
  void nothingToLearnIsAnError() {
    assertThatThrownBy(() -> trainDealt(2, 0, AS_STORED, config(10, 0.01, 2)))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "all 30 rows are for validation; leave some to learn, where validationIndicatorCol is false");
  }
}
