package io.kindling.spark.comm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.distributed.DistributedException;
import io.kindling.distributed.ProcessGroup;
import io.kindling.distributed.ReduceOp;
import io.kindling.memory.Scope;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tasks of one JVM, beside the same tasks in a ring. */
@Timeout(60)
class SharedGroupsTest {
  private static final int SIZE = 3;
  private static final Duration LONG = Duration.ofSeconds(30);

  @Test
  void aRingAndSharedMemoryGiveTheSameBits() throws Exception {
    for (int length : new int[] {1, 2, 7, 2048, 100_003}) {
      List<float[]> shared = new ArrayList<>();
      ExecutorService threads = Executors.newFixedThreadPool(SIZE);
      try {
        List<Future<float[]>> results = new ArrayList<>();
        for (int rank = 0; rank < SIZE; rank++) {
          int self = rank;
          results.add(
              threads.submit(
                  () -> sum(SharedGroups.member("bits", self, SIZE, LONG, () -> false), length)));
        }
        for (Future<float[]> result : results) {
          shared.add(result.get());
        }
      } finally {
        threads.shutdown();
        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
      }
      List<float[]> ring;
      try (Ranks ranks = Ranks.connect(SIZE, Security.OFF.conf())) {
        ring = ranks.run((own, rank) -> sum(SparkProcessGroup.over(own, rank, SIZE), length));
      }
      for (int rank = 0; rank < SIZE; rank++) {
        assertThat(Arrays.equals(shared.get(rank), ring.get(rank))).isTrue();
      }
    }
  }

  private static float[] sum(ProcessGroup member, int length) {
    try (member;
        Scope scope = Scope.open()) {
      double[] values = new Random(member.rank()).doubles(length, -1, 1).toArray();
      Tensor tensor = Tensor.of(values).to(DType.FLOAT32);
      member.allReduce(tensor, ReduceOp.SUM);
      return tensor.toFloatArray();
    }
  }

  @Test
  void aKilledTaskStopsWaitingAndTheOthersLearnOfIt() {
    try (ProcessGroup killed = SharedGroups.member("killed", 0, 2, LONG, () -> true);
        ProcessGroup other = SharedGroups.member("killed", 1, 2, LONG, () -> false)) {
      assertThatThrownBy(killed::barrier)
          .isInstanceOf(DistributedException.class)
          .hasMessageContaining("rank 0 of 2 failed first: its task was killed");
      assertThatThrownBy(other::barrier)
          .hasMessageContainingAll("rank 0 of 2 failed first", "this is rank 1");
    }
  }

  @Test
  void aGroupWhoseTaskNeverComesIsForgotten() throws Exception {
    Duration moment = Duration.ofMillis(20);
    int before = incompleteAfterNext(moment);
    try (ProcessGroup left = SharedGroups.member("left", 0, 2, moment, () -> false)) {
      assertThatThrownBy(left::barrier).hasMessageContaining("rank 1 did not come within 20 ms");
      assertThat(SharedGroups.incomplete()).isEqualTo(before + 1);
      Thread.sleep(moment.toMillis() + 1);
      assertThat(incompleteAfterNext(moment)).isLessThanOrEqualTo(before);
    }
  }

  /** Groups are forgotten when the next is asked for. */
  private static int incompleteAfterNext(Duration timeout) {
    try (ProcessGroup alone = SharedGroups.member("alone", 0, 1, timeout, () -> false)) {
      alone.barrier();
      return SharedGroups.incomplete();
    }
  }

  @Test
  void runsDoNotMeet() {
    try (ProcessGroup one = SharedGroups.member("one", 0, 2, Duration.ofMillis(50), () -> false);
        ProcessGroup other =
            SharedGroups.member("other", 1, 2, Duration.ofMillis(50), () -> false)) {
      assertThatThrownBy(one::barrier).hasMessageContaining("rank 1 did not come within 50 ms");
      assertThatThrownBy(other::barrier).hasMessageContaining("rank 0 did not come within 50 ms");
    }
  }
}
