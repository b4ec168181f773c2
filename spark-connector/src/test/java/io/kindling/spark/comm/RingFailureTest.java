package io.kindling.spark.comm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.distributed.DistributedException;
import io.kindling.distributed.ReduceOp;
import io.kindling.tensor.DType;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** However a member fails, all others fail soon, and name it. */
class RingFailureTest {
  private static final int SIZE = 4;
  private static final int LENGTH = 300_000;

  @ParameterizedTest
  @MethodSource("calls")
  void anAbortReachesEveryRankWithItsReason(Call call) throws Exception {
    try (Ranks ranks = Ranks.connect(SIZE, Security.SASL.conf())) {
      List<String> messages =
          ranks.run(
              (ring, rank) -> {
                if (rank == 2) {
                  ring.abort(new IllegalStateException("no more sugar"));
                }
                return failureOf(call, ring, rank);
              });
      assertThat(messages)
          .allSatisfy(
              message -> assertThat(message).contains("rank 2 of 4 failed first", "no more sugar"));
    }
  }

  @Test
  void laterCallsFailWithTheFirstReason() throws Exception {
    try (Ranks ranks = Ranks.connect(2, Security.OFF.conf())) {
      ranks.run(
          (ring, rank) -> {
            if (rank == 0) {
              ring.abort(new IllegalStateException("first"));
              ring.abort(new IllegalStateException("second"));
            }
            failureOfAllReduce(ring, rank);
            assertThat(failureOfAllReduce(ring, rank)).contains("rank 0", "first");
            return rank;
          });
    }
  }

  @ParameterizedTest
  @MethodSource("calls")
  void aRankWhoseConnectionsBreakIsNamed(Call call) throws Exception {
    try (Ranks ranks = Ranks.connect(SIZE, Security.OFF.conf())) {
      List<String> messages =
          ranks.run(
              (ring, rank) -> {
                if (rank == 1) {
                  // As when the process is killed: both sockets at once, so that it cannot tell one
                  // neighbour of having lost the other.
                  Endpoint endpoint = ranks.endpoint(1);
                  endpoint
                      .loop()
                      .submit(
                          () -> {
                            endpoint.previous().close();
                            endpoint.next().close();
                          })
                      .sync();
                  return "rank 1 is dead";
                }
                return failureOf(call, ring, rank);
              });
      assertThat(messages)
          .allSatisfy(message -> assertThat(message).containsAnyOf("rank 1 of 4", "rank 1 is"));
    }
  }

  @ParameterizedTest
  @MethodSource("calls")
  void aRankThatMakesNoCallIsNamedByAll(Call call) throws Exception {
    CountDownLatch othersFailed = new CountDownLatch(SIZE - 1);
    try (Ranks ranks = Ranks.connect(SIZE, impatient())) {
      List<String> messages =
          ranks.run(
              (ring, rank) -> {
                if (rank == 2) {
                  othersFailed.await();
                  return failureOf(call, ring, rank);
                }
                String message = failureOf(call, ring, rank);
                othersFailed.countDown();
                return message;
              });
      assertThat(messages)
          .allSatisfy(
              message ->
                  assertThat(message)
                      .contains("rank 2 of 4 failed first", "held up", TransportSettings.TIMEOUT));
    }
  }

  @Test
  void aRankWhoseProcessStandsStillIsNamedByAll() throws Exception {
    CountDownLatch othersFailed = new CountDownLatch(SIZE - 1);
    try (Ranks ranks = Ranks.connect(SIZE, impatient())) {
      List<String> messages =
          ranks.run(
              (ring, rank) -> {
                if (rank == 3) {
                  // No event is handled any more, as after SIGSTOP.
                  ranks
                      .endpoint(3)
                      .loop()
                      .execute(
                          () -> {
                            try {
                              othersFailed.await();
                            } catch (InterruptedException e) {
                              Thread.currentThread().interrupt();
                            }
                          });
                  return failureOfAllReduce(ring, rank);
                }
                String message = failureOfAllReduce(ring, rank);
                othersFailed.countDown();
                return message;
              });
      assertThat(messages.subList(0, 3))
          .allSatisfy(message -> assertThat(message).contains("rank 3 of 4 failed first"));
    }
  }

  @Test
  void differentCallsAreAnError() throws Exception {
    try (Ranks ranks = Ranks.connect(3, Security.OFF.conf())) {
      List<String> messages =
          ranks.run((ring, rank) -> failureOf(allReduce(rank == 1 ? 12 : 10), ring, rank));
      assertThat(messages)
          .allSatisfy(
              message ->
                  assertThat(message)
                      .contains("of 12 float32", "of 10 float32", "same calls in the same order"));
    }
  }

  @Test
  void differentOperationsAreAnError() throws Exception {
    List<Call> calls = calls();
    try (Ranks ranks = Ranks.connect(calls.size(), Security.OFF.conf())) {
      List<String> messages = ranks.run((ring, rank) -> failureOf(calls.get(rank), ring, rank));
      assertThat(messages)
          .allSatisfy(
              message ->
                  assertThat(message)
                      .contains("of 300000 float32", "same calls in the same order"));
    }
  }

  @ParameterizedTest
  @MethodSource("calls")
  void leavingBeforeTheOthersAreDoneFailsThem(Call call) throws Exception {
    try (Ranks ranks = Ranks.connect(3, Security.OFF.conf())) {
      List<String> messages =
          ranks.run(
              (ring, rank) -> {
                if (rank == 0) {
                  ring.close();
                  return "rank 0 left the group";
                }
                return failureOf(call, ring, rank);
              });
      assertThat(messages)
          .allSatisfy(message -> assertThat(message).contains("rank 0", "left the group"));
    }
  }

  @Test
  void aCallAfterLeavingSaysSo() throws Exception {
    Ranks ranks = Ranks.connect(2, Security.OFF.conf());
    ranks.close();
    assertThat(failureOfAllReduce(ranks.ring(0), 0)).contains("has left the group");
  }

  @ParameterizedTest
  @MethodSource("calls")
  void aKilledTaskEndsTheGroup(Call call) throws Exception {
    AtomicBoolean killed = new AtomicBoolean();
    try (Ranks ranks = Ranks.connect(3, Security.OFF.conf(), rank -> rank == 1 && killed.get())) {
      List<String> messages =
          ranks.run(
              (ring, rank) -> {
                if (rank == 0) {
                  killed.set(true);
                }
                return rank == 2 ? "rank 1 of 3: its task was killed" : failureOf(call, ring, rank);
              });
      assertThat(messages)
          .allSatisfy(message -> assertThat(message).contains("rank 1", "its task was killed"));
    }
  }

  @Test
  void aLateNeighbourIsGivenUpAtTheDeadline() {
    TransportSettings settings = Security.settings(Security.OFF.conf());
    Endpoint alone = Endpoint.listen(settings, "127.0.0.1", 0, 2);
    Endpoint silent = Endpoint.listen(settings, "127.0.0.1", 1, 2);
    try (silent) {
      assertThatThrownBy(
              () ->
                  Ring.connect(
                      alone,
                      List.of(alone.member(), silent.member()),
                      settings,
                      new Deadline(Duration.ofMillis(300), () -> false),
                      () -> false))
          .isInstanceOf(DistributedException.class)
          .hasMessageContaining("rank 1");
    }
  }

  @Test
  void encryptionThatLosesDataIsRefused() {
    SparkConf gcm = Security.AES_CTR.conf().set("spark.network.crypto.cipher", "AES/GCM/NoPadding");
    assertThatThrownBy(() -> Security.settings(gcm))
        .isInstanceOf(DistributedException.class)
        .hasMessageContaining("AES/CTR/NoPadding");
    SparkConf sasl = Security.SASL.conf().set("spark.authenticate.enableSaslEncryption", "true");
    assertThatThrownBy(() -> Security.settings(sasl))
        .isInstanceOf(DistributedException.class)
        .hasMessageContaining("spark.network.crypto.enabled");
  }

  private static SparkConf impatient() {
    return Security.OFF.conf().set(TransportSettings.TIMEOUT, "2s");
  }

  private static Call allReduce(int length) {
    return Call.allReduce(DType.FLOAT32, ReduceOp.SUM, length, 0);
  }

  /** All that move a tensor around the ring. */
  static List<Call> calls() {
    return List.of(
        allReduce(LENGTH),
        Call.reduceScatter(DType.FLOAT32, ReduceOp.SUM, LENGTH, 0),
        Call.allGather(DType.FLOAT32, LENGTH, 0));
  }

  private static String failureOfAllReduce(Ring ring, int rank) throws InterruptedException {
    return failureOf(allReduce(LENGTH), ring, rank);
  }

  /** The message of the failure that the call must end with. */
  private static String failureOf(Call call, Ring ring, int rank) throws InterruptedException {
    try (Elements mine = Elements.random(call.dtype(), Math.toIntExact(call.elements()), rank)) {
      CompletableFuture<Void> done = ring.submit(call, mine.address());
      try {
        done.get();
        throw new AssertionError("rank " + rank + " did not fail");
      } catch (ExecutionException e) {
        assertThat(e.getCause()).isInstanceOf(DistributedException.class);
        return e.getCause().getMessage();
      }
    }
  }
}
