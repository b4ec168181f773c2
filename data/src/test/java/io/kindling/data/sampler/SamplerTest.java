package io.kindling.data.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.data.DataException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SamplerTest {
  @Test
  void sequentialIsInOrder() {
    assertThat(indices(new SequentialSampler(4), 9)).containsExactly(0L, 1L, 2L, 3L);
  }

  @Test
  void randomIsAnotherOrderEachEpochAndTheSameForOneEpoch() {
    RandomSampler sampler = new RandomSampler(50, 3);
    List<Long> all = LongStream.range(0, 50).boxed().toList();
    assertThat(indices(sampler, 0)).containsExactlyInAnyOrderElementsOf(all).isNotEqualTo(all);
    assertThat(indices(sampler, 0)).isEqualTo(indices(sampler, 0));
    assertThat(indices(sampler, 1)).isNotEqualTo(indices(sampler, 0));
    assertThat(indices(new RandomSampler(50, 4), 0)).isNotEqualTo(indices(sampler, 0));
  }

  @Test
  void batchesCutTheOrder() {
    BatchSampler keep = new BatchSampler(new SequentialSampler(7), 3, false);
    BatchSampler drop = new BatchSampler(new SequentialSampler(7), 3, true);
    assertThat(batches(keep))
        .containsExactly(List.of(0L, 1L, 2L), List.of(3L, 4L, 5L), List.of(6L));
    assertThat(batches(drop)).containsExactly(List.of(0L, 1L, 2L), List.of(3L, 4L, 5L));
    assertThat(keep.size()).isEqualTo(3);
    assertThat(drop.size()).isEqualTo(2);
    assertThat(batches(new BatchSampler(new SequentialSampler(0), 3, false))).isEmpty();
    assertThatThrownBy(() -> new BatchSampler(new SequentialSampler(7), 0, false))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("batchSize");
  }

  @Test
  void ranksShareAnEpochAndHaveEquallyMany() {
    for (boolean shuffle : new boolean[] {false, true}) {
      List<Long> padded = new ArrayList<>();
      List<Long> dropped = new ArrayList<>();
      for (int rank = 0; rank < 3; rank++) {
        List<Long> share = indices(new DistributedSampler(11, rank, 3, shuffle, 5, false), 2);
        assertThat(share).hasSize(4);
        padded.addAll(share);
        share = indices(new DistributedSampler(11, rank, 3, shuffle, 5, true), 2);
        assertThat(share).hasSize(3);
        dropped.addAll(share);
      }
      assertThat(padded).hasSize(12).containsAll(LongStream.range(0, 11).boxed().toList());
      assertThat(dropped).hasSize(9).doesNotHaveDuplicates();
    }
    assertThat(indices(new DistributedSampler(7, 1, 3, false, 0, false), 0))
        .containsExactly(1L, 4L, 0L);
    assertThat(indices(new DistributedSampler(0, 1, 3, true, 0, false), 0)).isEmpty();
    assertThatThrownBy(() -> new DistributedSampler(7, 3, 3, false, 0, false))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("rank 3 of 3");
  }

  private static List<Long> indices(Sampler sampler, long epoch) {
    List<Long> all = new ArrayList<>();
    sampler.indices(epoch).forEachRemaining((Long index) -> all.add(index));
    assertThat(all).hasSize((int) sampler.size());
    return all;
  }

  private static List<List<Long>> batches(BatchSampler sampler) {
    List<List<Long>> all = new ArrayList<>();
    sampler.batches(0).forEachRemaining(batch -> all.add(LongStream.of(batch).boxed().toList()));
    assertThat(all).hasSize((int) sampler.size());
    return all;
  }
}
