package io.kindling.data.loader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.data.DataException;
import io.kindling.data.Dataset;
import io.kindling.data.IterableDataset;
import io.kindling.data.TensorDataset;
import io.kindling.memory.Scope;
import io.kindling.tensor.Tensor;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The leak check after every test is part of each of these. */
class DataLoaderTest {
  /** Sample i is the vector (i, -i); reading counts. */
  private static class Pairs implements Dataset<Tensor> {
    final AtomicInteger reads = new AtomicInteger();
    final Set<String> threads = ConcurrentHashMap.newKeySet();
    private final long size;

    Pairs(long size) {
      this.size = size;
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public Tensor get(long index) {
      reads.incrementAndGet();
      threads.add(Thread.currentThread().getName());
      return Tensor.of(new long[] {index, -index}).mul(Tensor.of(new long[] {1, 1}));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void batchesComeInOrder(int workers) {
    Pairs pairs = new Pairs(10);
    try (DataLoader loader = DataLoader.of(pairs).batchSize(4).numWorkers(workers).build()) {
      assertThat(loader.size()).isEqualTo(3);
      assertThat(firsts(loader)).containsExactly(longs(0, 4), longs(4, 8), longs(8, 10));
      assertThat(firsts(loader)).hasSize(3);
    }
    assertThat(pairs.threads)
        .allMatch(name -> name.startsWith("kindling-loader-") == (workers > 0));
  }

  /** The first worker is held until the second has finished: order must not depend on speed. */
  @Test
  void aSlowWorkerKeepsItsPlace() {
    CountDownLatch secondBatch = new CountDownLatch(1);
    Pairs pairs =
        new Pairs(4) {
          @Override
          public Tensor get(long index) {
            if (index == 0) {
              awaitOrFail(secondBatch);
            } else if (index == 3) {
              secondBatch.countDown();
            }
            return super.get(index);
          }
        };
    try (DataLoader loader = DataLoader.of(pairs).batchSize(2).numWorkers(2).build()) {
      assertThat(firsts(loader)).containsExactly(longs(0, 2), longs(2, 4));
    }
  }

  @Test
  void tensorDatasetsAreGatheredInOneStep() {
    try (Scope scope = Scope.open();
        DataLoader loader =
            DataLoader.of(
                    new TensorDataset(Tensor.arange(20).view(10, 2), Tensor.arange(10).mul(7)))
                .batchSize(3)
                .dropLast(true)
                .shuffle(1)
                .numWorkers(2)
                .build()) {
      List<Long> seen = new ArrayList<>();
      for (Batch batch : loader) {
        assertThat(batch.size()).isEqualTo(2);
        assertThat(batch.get(0).shape().toArray()).containsExactly(3, 2);
        for (int row = 0; row < 3; row++) {
          long index = batch.get(1).toLongArray()[row] / 7;
          assertThat(batch.get(0).select(0, row).toLongArray())
              .containsExactly(2 * index, 2 * index + 1);
          seen.add(index);
        }
      }
      assertThat(seen).hasSize(9).doesNotHaveDuplicates();
    }
  }

  @Test
  void shufflingDependsOnSeedAndEpochAndNotOnWorkers() {
    List<List<Long>> first = epochs(11, 0, 0, 2);
    assertThat(epochs(11, 3, 0, 2)).isEqualTo(first);
    assertThat(first.get(0)).isNotEqualTo(first.get(1));
    assertThat(epochs(12, 0, 0, 1).get(0)).isNotEqualTo(first.get(0));
    assertThat(epochs(11, 0, 1, 1).get(0)).as("resumed at epoch 1").isEqualTo(first.get(1));
  }

  @Test
  void aBatchIsInTheConsumersScope() {
    try (DataLoader loader = DataLoader.of(new Pairs(8)).batchSize(4).numWorkers(2).build()) {
      Tensor kept;
      Tensor inner;
      try (Scope scope = Scope.open()) {
        Batch batch = loader.iterator().next();
        inner = batch.get(0);
        kept = Scope.detach(inner.alias());
      }
      assertThat(inner.isClosed()).isTrue();
      assertThat(kept.shape().toArray()).containsExactly(4, 2);
      kept.close();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void leavingEarlyFreesWhatWasReadAhead(int workers) {
    Pairs pairs = new Pairs(1000);
    try (DataLoader loader =
        DataLoader.of(pairs).batchSize(10).numWorkers(workers).prefetchFactor(4).build()) {
      for (Batch batch : loader) {
        batch.close();
        break;
      }
      BatchIterator second = loader.iterator();
      assertThat(second.hasNext()).isTrue();
      second.close();
      assertThat(second.hasNext()).isFalse();
      second.close();
    }
    int read = pairs.reads.get();
    assertThat(read).isBetween(20, 2 * 10 * (8 + 2));
  }

  @Test
  void readingAheadIsBounded() {
    Pairs pairs = new Pairs(1000);
    try (DataLoader loader =
        DataLoader.of(pairs).batchSize(10).numWorkers(2).prefetchFactor(3).build()) {
      BatchIterator batches = loader.iterator();
      for (int i = 0; i < 5; i++) {
        batches.next().close();
      }
      batches.close();
      assertThat(pairs.reads.get()).isLessThanOrEqualTo(10 * (5 + 2 * 3));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void whatAWorkerThrowsReachesTheConsumer(int workers) {
    Pairs pairs =
        new Pairs(100) {
          @Override
          public Tensor get(long index) {
            if (index == 25) {
              throw new IllegalStateException("sample 25 is broken");
            }
            return super.get(index);
          }
        };
    try (DataLoader loader = DataLoader.of(pairs).batchSize(10).numWorkers(workers).build()) {
      BatchIterator batches = loader.iterator();
      batches.next().close();
      batches.next().close();
      assertThatThrownBy(batches::next)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("sample 25 is broken");
      assertThat(batches.hasNext()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void aCollateFunctionMakesTheBatch(int workers) {
    Dataset<String> words =
        new Dataset<>() {
          @Override
          public long size() {
            return 5;
          }

          @Override
          public String get(long index) {
            return "x".repeat((int) index);
          }
        };
    Collate<String> lengths =
        samples -> List.of(Tensor.of(samples.stream().mapToLong(String::length).toArray()));
    try (DataLoader loader =
        DataLoader.of(words).batchSize(3).collate(lengths).numWorkers(workers).build()) {
      BatchIterator batches = loader.iterator();
      try (Batch first = batches.next();
          Batch second = batches.next()) {
        assertThat(first.get(0).toLongArray()).containsExactly(0, 1, 2);
        assertThat(second.get(0).toLongArray()).containsExactly(3, 4);
      }
    }
    try (DataLoader loader = DataLoader.of(words).build()) {
      assertThatThrownBy(() -> loader.iterator().next())
          .isInstanceOf(DataException.class)
          .hasMessageContainingAll("java.lang.String", "collate");
    }
  }

  @Test
  void samplesThatTheDatasetKeepsStayOpen() {
    try (Tensor kept = Tensor.of(new float[] {1, 2})) {
      Dataset<Tensor> one =
          new Dataset<>() {
            @Override
            public long size() {
              return 1;
            }

            @Override
            public Tensor get(long index) {
              return kept;
            }
          };
      try (DataLoader loader = DataLoader.of(one).collate(samples -> samples).build()) {
        loader.iterator().next().close();
      }
      assertThat(kept.isClosed()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void aStreamIsReadOnceByItsShards(int workers) {
    AtomicInteger closed = new AtomicInteger();
    IterableDataset<Tensor> stream = (shard, shards) -> new Shard(shard, shards, 20, closed);
    try (DataLoader loader = DataLoader.of(stream).batchSize(3).numWorkers(workers).build()) {
      List<List<Long>> batches = firsts(loader);
      assertThat(batches.stream().flatMap(List::stream).toList())
          .containsExactlyInAnyOrderElementsOf(longs(0, 20));
      if (workers == 3) {
        assertThat(batches.subList(0, 3))
            .containsExactly(List.of(0L, 3L, 6L), List.of(1L, 4L, 7L), List.of(2L, 5L, 8L));
      }
      assertThat(firsts(loader)).isEqualTo(batches);
      assertThatThrownBy(loader::size).isInstanceOf(DataException.class);
    }
    assertThat(closed).hasValue(2 * Math.max(1, workers));
  }

  @Test
  void optionsThatCannotBeAreRefused() {
    DataLoader.Builder<Tensor> builder = DataLoader.of(new Pairs(3));
    assertThatThrownBy(() -> builder.batchSize(0)).hasMessageContaining("batchSize is 0");
    assertThatThrownBy(() -> builder.numWorkers(-1)).hasMessageContaining("numWorkers is -1");
    assertThatThrownBy(() -> builder.prefetchFactor(0)).hasMessageContaining("prefetchFactor is 0");
    IterableDataset<Tensor> stream = (shard, shards) -> List.<Tensor>of().iterator();
    assertThatThrownBy(() -> DataLoader.of(stream).shuffle(1)).isInstanceOf(DataException.class);
  }

  private static final class Shard implements Iterator<Tensor>, AutoCloseable {
    private final int step;
    private final long end;
    private final AtomicInteger closed;
    private long next;

    Shard(int shard, int shards, long end, AtomicInteger closed) {
      this.next = shard;
      this.step = shards;
      this.end = end;
      this.closed = closed;
    }

    @Override
    public boolean hasNext() {
      return next < end;
    }

    @Override
    public Tensor next() {
      Tensor sample = Tensor.of(new long[] {next, -next});
      next += step;
      return sample;
    }

    @Override
    public void close() {
      closed.incrementAndGet();
    }
  }

  private static List<List<Long>> epochs(long seed, int workers, long from, int count) {
    List<List<Long>> epochs = new ArrayList<>();
    try (DataLoader loader =
        DataLoader.of(new Pairs(50)).batchSize(8).shuffle(seed).numWorkers(workers).build()) {
      loader.setEpoch(from);
      for (int i = 0; i < count; i++) {
        epochs.add(firsts(loader).stream().flatMap(List::stream).toList());
      }
    }
    return epochs;
  }

  /** The first column of each batch of an epoch; checks the second. */
  private static List<List<Long>> firsts(DataLoader loader) {
    List<List<Long>> all = new ArrayList<>();
    for (Batch batch : loader) {
      try (batch) {
        long[] values = batch.get(0).toLongArray();
        List<Long> firsts = new ArrayList<>();
        for (int i = 0; i < values.length; i += 2) {
          assertThat(values[i + 1]).isEqualTo(-values[i]);
          firsts.add(values[i]);
        }
        all.add(firsts);
      }
    }
    return all;
  }

  private static List<Long> longs(long from, long to) {
    return LongStream.range(from, to).boxed().toList();
  }

  private static void awaitOrFail(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
