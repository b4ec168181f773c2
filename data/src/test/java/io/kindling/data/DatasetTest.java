package io.kindling.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.memory.Scope;
import io.kindling.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class DatasetTest {
  @Test
  void aTensorDatasetHasTheRowsOfItsTensors() {
    try (Scope scope = Scope.open()) {
      TensorDataset dataset = new TensorDataset(Tensor.arange(12).view(4, 3), Tensor.arange(4));
      assertThat(dataset.size()).isEqualTo(4);
      List<Tensor> sample = dataset.get(2);
      assertThat(sample.get(0).toLongArray()).containsExactly(6, 7, 8);
      assertThat(sample.get(1).itemLong()).isEqualTo(2);
      List<Tensor> rows = dataset.gather(new long[] {3, 0, 3}).orElseThrow();
      assertThat(rows.get(0).shape().toArray()).containsExactly(3, 3);
      assertThat(rows.get(0).toLongArray()).containsExactly(9, 10, 11, 0, 1, 2, 9, 10, 11);
      assertThat(rows.get(1).toLongArray()).containsExactly(3, 0, 3);
      assertThatThrownBy(() -> dataset.get(4)).hasMessageContainingAll("4", "0 to 3");
      assertThatThrownBy(() -> dataset.gather(new long[] {0, -1})).hasMessageContaining("-1");
    }
  }

  @Test
  void tensorsOfDifferentLengthAreRefused() {
    try (Scope scope = Scope.open()) {
      Tensor four = Tensor.zeros(4);
      Tensor five = Tensor.zeros(5, 2);
      assertThatThrownBy(() -> new TensorDataset(four, five))
          .isInstanceOf(DataException.class)
          .hasMessageContainingAll("tensor 1", "[5, 2]", "[4]");
      assertThatThrownBy(TensorDataset::new).isInstanceOf(DataException.class);
    }
  }

  @Test
  void aConcatenationGoesFromOneDatasetToTheNext() {
    Dataset<Long> dataset =
        new ConcatDataset<>(List.of(new Counting(3), new Counting(0), new Counting(2)));
    assertThat(dataset.size()).isEqualTo(5);
    assertThat(LongStream.range(0, 5).mapToObj(dataset::get).toList())
        .containsExactly(0L, 1L, 2L, 0L, 1L);
    assertThatThrownBy(() -> dataset.get(5)).isInstanceOf(DataException.class);
  }

  @Test
  void aRandomSplitUsesEachSampleOnce() {
    List<Subset<Long>> parts = new Counting(100).randomSplit(7, 70, 20, 10);
    List<Long> all = new ArrayList<>();
    for (Subset<Long> part : parts) {
      LongStream.range(0, part.size()).forEach(i -> all.add(part.get(i)));
    }
    assertThat(parts).extracting(Subset::size).containsExactly(70L, 20L, 10L);
    assertThat(all)
        .doesNotHaveDuplicates()
        .hasSize(100)
        .isNotEqualTo(all.stream().sorted().toList());
    assertThat(new Counting(100).randomSplit(7, 70, 30).get(0).get(5)).isEqualTo(all.get(5));
    assertThat(new Counting(100).randomSplit(8, 100).get(0).get(0)).isNotEqualTo(all.get(0));
    assertThatThrownBy(() -> new Counting(100).randomSplit(7, 70, 20))
        .hasMessageContainingAll("[70, 20]", "90", "100");
  }

  @Test
  void aSubsetGathersThroughToItsDataset() {
    try (Scope scope = Scope.open()) {
      Subset<List<Tensor>> subset =
          new Subset<>(new TensorDataset(Tensor.arange(10)), new long[] {9, 7, 5});
      assertThat(subset.gather(new long[] {2, 0}).orElseThrow().get(0).toLongArray())
          .containsExactly(5, 9);
    }
  }

  @Test
  void aPermutationIsOneAndDependsOnEveryPartOfItsKey() {
    long[] order = Permutation.of(1000, 1, 2, 3);
    assertThat(Arrays.stream(order).sorted().toArray())
        .isEqualTo(LongStream.range(0, 1000).toArray());
    assertThat(Permutation.of(1000, 1, 2, 3)).isEqualTo(order);
    assertThat(Permutation.of(1000, 1, 2, 4)).isNotEqualTo(order);
    assertThat(Permutation.of(1000, 1, 3, 2)).isNotEqualTo(order);
    assertThat(Permutation.of(1000, 2, 2, 3)).isNotEqualTo(order);
    assertThat(Permutation.of(0, 1, 0, 0)).isEmpty();
  }

  /** Each of the 24 orders of four comes about as often; six standard deviations are allowed. */
  @Test
  void permutationsAreUniform() {
    int rounds = 24_000;
    int[] counts = new int[256];
    for (int seed = 0; seed < rounds; seed++) {
      long[] order = Permutation.of(4, 9, seed, 0);
      counts[(int) (order[0] << 6 | order[1] << 4 | order[2] << 2 | order[3])]++;
    }
    int[] seen = Arrays.stream(counts).filter(count -> count > 0).toArray();
    assertThat(seen).hasSize(24);
    double deviation = Math.sqrt(rounds / 24.0);
    for (int count : seen) {
      assertThat((double) count).isBetween(1000 - 6 * deviation, 1000 + 6 * deviation);
    }
  }

  private record Counting(long size) implements Dataset<Long> {
    @Override
    public Long get(long index) {
      Dataset.checkIndex("Counting", index, size);
      return index;
    }
  }
}
