package io.kindling.spark.comm;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindling.distributed.ReduceOp;
import io.kindling.distributed.Segment;
import io.kindling.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the collectives compute, over real sockets, for every way of protecting them. */
class RingTest {
  private static final int CHUNK = Frame.MAX_PAYLOAD_BYTES / 4;

  /** Empty, shorter than the ring, not divisible, exactly a chunk, and several chunks and a bit. */
  private static final List<Integer> LENGTHS =
      List.of(0, 1, 2, 3, 5, 1023, CHUNK, 2 * CHUNK + 1, 400_003);

  private static final List<DType> DTYPES = List.of(DType.FLOAT32, DType.FLOAT64, DType.INT64);

  static Stream<Arguments> everySecurityAndSize() {
    return Arrays.stream(Security.values())
        .flatMap(security -> Stream.of(2, 3, 4).map(size -> Arguments.of(security, size)));
  }

  @ParameterizedTest
  @MethodSource("everySecurityAndSize")
  void allReduceSumsInTheDocumentedOrder(Security security, int size) throws Exception {
    try (Ranks ranks = Ranks.connect(size, security.conf())) {
      for (int length : LENGTHS) {
        long[] expected = Elements.reduced(DType.FLOAT32, ReduceOp.SUM, length, size);
        for (long[] bits : allReduce(ranks, DType.FLOAT32, ReduceOp.SUM, length)) {
          assertThat(bits).as("%d elements", length).isEqualTo(expected);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("everySecurityAndSize")
  void theHalvesOfAnAllReduceKeepItsOrder(Security security, int size) throws Exception {
    try (Ranks ranks = Ranks.connect(size, security.conf())) {
      for (int length : LENGTHS) {
        long[] expected = Elements.reduced(DType.FLOAT32, ReduceOp.SUM, length, size);
        List<long[]> whole =
            ranks.run(
                (ring, rank) -> {
                  try (Elements mine = Elements.random(DType.FLOAT32, length, rank)) {
                    ring.submit(
                            Call.reduceScatter(DType.FLOAT32, ReduceOp.SUM, length, 0),
                            mine.address())
                        .get();
                    Segment own = Segment.of(length, rank, size);
                    assertThat(Arrays.copyOfRange(mine.bits(), (int) own.start(), (int) own.end()))
                        .as("%d elements", length)
                        .isEqualTo(
                            Arrays.copyOfRange(expected, (int) own.start(), (int) own.end()));
                    ring.submit(Call.allGather(DType.FLOAT32, length, 0), mine.address()).get();
                    return mine.bits();
                  }
                });
        for (long[] bits : whole) {
          assertThat(bits).as("%d elements", length).isEqualTo(expected);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(ReduceOp.class)
  void allReduceTakesEveryTypeAndOperation(ReduceOp op) throws Exception {
    try (Ranks ranks = Ranks.connect(3, Security.OFF.conf())) {
      for (DType dtype : DTYPES) {
        for (int length : List.of(2, 1000, CHUNK + 7)) {
          long[] expected = Elements.reduced(dtype, op, length, 3);
          for (long[] bits : allReduce(ranks, dtype, op, length)) {
            assertThat(bits).as("%s of %d %s", op, length, dtype).isEqualTo(expected);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4})
  void manyCallsUnderWayKeepTheirOrder(int size) throws Exception {
    List<Integer> lengths = List.of(10, 200_000, 0, 3, 70_000, 1, 500);
    try (Ranks ranks = Ranks.connect(size, Security.SASL.conf())) {
      List<List<long[]>> results =
          ranks.run(
              (ring, rank) -> {
                List<Elements> elements = new ArrayList<>();
                List<CompletableFuture<Void>> running = new ArrayList<>();
                for (int length : lengths) {
                  Elements mine = Elements.random(DType.FLOAT32, length, rank);
                  elements.add(mine);
                  if (running.size() % 3 == 0) {
                    running.add(
                        ring.submit(
                            Call.allReduce(DType.FLOAT32, ReduceOp.SUM, length, 0),
                            mine.address()));
                  } else {
                    running.add(
                        ring.submit(
                            Call.reduceScatter(DType.FLOAT32, ReduceOp.SUM, length, 0),
                            mine.address()));
                    running.add(
                        ring.submit(Call.allGather(DType.FLOAT32, length, 0), mine.address()));
                  }
                  // Ranks differ in speed, so that some run ahead of their neighbours.
                  TimeUnit.MILLISECONDS.sleep(rank * 5L);
                }
                for (CompletableFuture<Void> call : running) {
                  call.get();
                }
                List<long[]> bits = elements.stream().map(Elements::bits).toList();
                elements.forEach(Elements::close);
                return bits;
              });
      for (int i = 0; i < lengths.size(); i++) {
        long[] expected = Elements.reduced(DType.FLOAT32, ReduceOp.SUM, lengths.get(i), size);
        for (List<long[]> bits : results) {
          assertThat(bits.get(i)).isEqualTo(expected);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("everySecurityAndSize")
  void broadcastCopiesTheRootsBits(Security security, int size) throws Exception {
    try (Ranks ranks = Ranks.connect(size, security.conf())) {
      for (int root = 0; root < size; root++) {
        for (int length : LENGTHS) {
          Call call = Call.broadcast(DType.FLOAT64, root, length, 0);
          int source = root;
          List<long[]> results =
              ranks.run(
                  (ring, rank) -> {
                    try (Elements mine =
                        rank == source
                            ? Elements.random(DType.FLOAT64, length, rank)
                            : Elements.zeros(DType.FLOAT64, length)) {
                      ring.submit(call, mine.address()).get();
                      return mine.bits();
                    }
                  });
          long[] expected = results.get(root);
          try (Elements original = Elements.random(DType.FLOAT64, length, root)) {
            assertThat(expected).isEqualTo(original.bits());
          }
          for (long[] bits : results) {
            assertThat(bits).isEqualTo(expected);
          }
        }
      }
    }
  }

  @Test
  void noRankPassesABarrierBeforeAllHaveReachedIt() throws Exception {
    int size = 4;
    List<Integer> reached = new ArrayList<>();
    try (Ranks ranks = Ranks.connect(size, Security.OFF.conf())) {
      List<Integer> seen =
          ranks.run(
              (ring, rank) -> {
                TimeUnit.MILLISECONDS.sleep(20L * rank);
                synchronized (reached) {
                  reached.add(rank);
                }
                ring.submit(Call.barrier(), 0).get();
                synchronized (reached) {
                  return reached.size();
                }
              });
      assertThat(seen).containsOnly(size);
    }
  }

  private static List<long[]> allReduce(Ranks ranks, DType dtype, ReduceOp op, int length)
      throws Exception {
    return ranks.run(
        (ring, rank) -> {
          try (Elements mine = Elements.random(dtype, length, rank)) {
            ring.submit(Call.allReduce(dtype, op, length, 0), mine.address()).get();
            return mine.bits();
          }
        });
  }
}
