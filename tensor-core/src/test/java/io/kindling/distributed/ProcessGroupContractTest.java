package io.kindling.distributed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.DTypeException;
import io.kindling.ShapeException;
import io.kindling.memory.Scope;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import io.kindling.tensor.MemoryFormat;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every {@link ProcessGroup} does. An implementation's test extends this. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class ProcessGroupContractTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final int[] LENGTHS = {0, 1, 2, 3, 5, 13, 207, 702, 70_001};

  /** A group whose members wait at most {@code timeout} for each other. */
  protected abstract List<ProcessGroup> create(int size, Duration timeout) throws Exception;

  /** Runs each member on a thread of its own, then closes them; results by rank. */
  protected final <T> List<T> onEach(int size, Duration timeout, Function<ProcessGroup, T> member)
      throws Exception {
    List<ProcessGroup> groups = create(size, timeout);
    ExecutorService threads = Executors.newFixedThreadPool(size);
    try {
      List<Future<T>> futures = new ArrayList<>();
      for (ProcessGroup group : groups) {
        Callable<T> body =
            () -> {
              // Closing may wait for the others to close.
              try (group;
                  Scope scope = Scope.open()) {
                return member.apply(group);
              }
            };
        futures.add(threads.submit(body));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(future.get());
      }
      return results;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    } finally {
      threads.shutdown();
      assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static double[] values(int rank, int length) {
    Random random = new Random(1000L * rank + length);
    return random.doubles(length, -1, 1).toArray();
  }

  @Test
  void ranksAreNumbered() throws Exception {
    assertThat(onEach(3, LONG, group -> group.rank() + " of " + group.size()))
        .containsExactly("0 of 3", "1 of 3", "2 of 3");
  }

  @Test
  void sumsFloatsAtAwkwardLengths() throws Exception {
    for (int size = 1; size <= 4; size++) {
      for (int length : LENGTHS) {
        double[] expected = new double[length];
        for (int rank = 0; rank < size; rank++) {
          double[] values = values(rank, length);
          Arrays.setAll(expected, i -> expected[i] + (float) values[i]);
        }
        List<double[]> results =
            onEach(
                size,
                LONG,
                group -> {
                  Tensor t = Tensor.of(values(group.rank(), length)).to(DType.FLOAT32);
                  group.allReduce(t, ReduceOp.SUM);
                  return t.toDoubleArray();
                });
        for (double[] result : results) {
          assertThat(Arrays.equals(result, results.get(0))).as("the same bits for all").isTrue();
          // Up to 3 roundings of sums below 4.
          assertThat(farthest(result, expected)).isLessThan(1e-6);
        }
      }
    }
  }

  private static double farthest(double[] found, double[] expected) {
    assertThat(found).hasSameSizeAs(expected);
    double farthest = 0;
    for (int i = 0; i < found.length; i++) {
      farthest = Math.max(farthest, Math.abs(found[i] - expected[i]));
    }
    return farthest;
  }

  @Test
  void combinesEveryTypeInEveryWay() throws Exception {
    for (ReduceOp op : ReduceOp.values()) {
      for (DType dtype : new DType[] {DType.FLOAT32, DType.FLOAT64, DType.INT64}) {
        // Rank r brings (r * 7 + i * 3) % 11 - 5.
        List<double[]> results =
            onEach(
                3,
                LONG,
                group -> {
                  double[] mine = new double[29];
                  Arrays.setAll(mine, i -> (group.rank() * 7 + i * 3) % 11 - 5);
                  Tensor t = Tensor.of(mine).to(dtype);
                  group.allReduce(t, op);
                  return t.toDoubleArray();
                });
        double[] expected = new double[29];
        for (int i = 0; i < 29; i++) {
          int a = i * 3 % 11 - 5;
          int b = (7 + i * 3) % 11 - 5;
          int c = (14 + i * 3) % 11 - 5;
          expected[i] =
              switch (op) {
                case SUM -> a + b + c;
                case MAX -> Math.max(a, Math.max(b, c));
                case MIN -> Math.min(a, Math.min(b, c));
              };
        }
        for (double[] result : results) {
          assertThat(result).as(op + " " + dtype).isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void theSameInputsGiveTheSameBits() throws Exception {
    List<float[]> first = sums();
    for (int round = 0; round < 3; round++) {
      List<float[]> again = sums();
      for (int rank = 0; rank < first.size(); rank++) {
        assertThat(again.get(rank)).isEqualTo(first.get(rank));
      }
    }
  }

  private List<float[]> sums() throws Exception {
    return onEach(
        4,
        LONG,
        group -> {
          Tensor t = Tensor.of(values(group.rank(), 10_007)).to(DType.FLOAT32);
          group.allReduce(t, ReduceOp.SUM);
          return t.toFloatArray();
        });
  }

  @Test
  void severalOperationsAreUnderWayAtOnce() throws Exception {
    onEach(
        3,
        LONG,
        group -> {
          List<Tensor> tensors = new ArrayList<>();
          List<Work> works = new ArrayList<>();
          for (int k = 0; k < 20; k++) {
            Tensor t = Tensor.full(k + group.rank(), DType.FLOAT32, 100L * k + 1);
            tensors.add(t);
            works.add(group.allReduceAsync(t, ReduceOp.SUM));
          }
          for (int k = 0; k < 20; k++) {
            works.get(k).await();
            assertThat(tensors.get(k).toFloatArray()).containsOnly(3 * k + 3);
          }
          return null;
        });
  }

  @Test
  void reducesPartOfALargerTensor() throws Exception {
    onEach(
        2,
        LONG,
        group -> {
          Tensor whole = Tensor.full(1, DType.FLOAT32, 10);
          group.allReduce(whole.narrow(0, 3, 4), ReduceOp.SUM);
          assertThat(whole.toFloatArray()).containsExactly(1, 1, 1, 2, 2, 2, 2, 1, 1, 1);
          return null;
        });
  }

  @Test
  void broadcastsBitsOfAnyType() throws Exception {
    for (DType dtype : DType.values()) {
      onEach(
          3,
          LONG,
          group -> {
            Tensor t = Tensor.empty(Shape.of(7, 3), dtype, Device.CPU).fill_(group.rank() % 2);
            group.broadcast(t, 1);
            assertThat(t.toDoubleArray()).containsOnly(1);
            return null;
          });
    }
  }

  @Test
  void nobodyPassesABarrierBeforeAllHaveCome() throws Exception {
    boolean[] came = new boolean[3];
    onEach(
        3,
        LONG,
        group -> {
          synchronized (came) {
            came[group.rank()] = true;
          }
          group.barrier();
          synchronized (came) {
            assertThat(came).containsOnly(true);
          }
          return null;
        });
  }

  @Test
  void anAbortReachesEveryMemberWithItsCause() throws Exception {
    onEach(
        3,
        LONG,
        group -> {
          if (group.rank() == 1) {
            group.abort(new IllegalStateException("the data ran out"));
          }
          Tensor t = Tensor.zeros(100);
          assertThatThrownBy(() -> group.allReduce(t, ReduceOp.SUM))
              .isInstanceOf(DistributedException.class)
              .hasMessageContaining("rank 1")
              .hasMessageContaining("the data ran out");
          assertThatThrownBy(group::barrier).isInstanceOf(DistributedException.class);
          return null;
        });
  }

  @Test
  void whoeverDoesNotComeIsWaitedForNoLongerThanTheDeadline() throws Exception {
    onEach(
        2,
        Duration.ofMillis(300),
        group -> {
          if (group.rank() == 0) {
            Tensor t = Tensor.zeros(1000);
            assertThatThrownBy(() -> group.allReduce(t, ReduceOp.SUM))
                .isInstanceOf(DistributedException.class)
                .hasMessageContaining("rank 1");
          }
          return null;
        });
  }

  @Test
  void wrongTensorsAreRefusedBeforeAnyoneWaits() throws Exception {
    onEach(
        2,
        LONG,
        group -> {
          Tensor part = Tensor.ones(4, 4).narrow(1, 0, 2);
          assertThatThrownBy(() -> group.allReduce(part, ReduceOp.SUM))
              .isInstanceOf(ShapeException.class)
              .hasMessageContaining("contiguous()");
          assertThatThrownBy(() -> group.allReduce(Tensor.of(new int[] {1}), ReduceOp.SUM))
              .isInstanceOf(DTypeException.class)
              .hasMessageContaining("int32");
          assertThatThrownBy(() -> group.broadcast(Tensor.ones(4), 2))
              .isInstanceOf(DistributedException.class)
              .hasMessageContaining("rank 2");
          group.barrier();
          return null;
        });
  }

  @Test
  void membersThatCallDifferentThingsAllFail() throws Exception {
    onEach(
        2,
        LONG,
        group -> {
          Tensor image = Tensor.ones(1, 3, 2, 4);
          Tensor mine = group.rank() == 0 ? image : image.contiguous(MemoryFormat.CHANNELS_LAST);
          assertThatThrownBy(() -> group.allReduce(mine, ReduceOp.SUM))
              .isInstanceOf(DistributedException.class)
              .hasMessageContaining("same calls");
          return null;
        });
    onEach(
        2,
        LONG,
        group -> {
          Tensor mine = Tensor.zeros(group.rank() + 1);
          assertThatThrownBy(() -> group.allReduce(mine, ReduceOp.SUM))
              .isInstanceOf(DistributedException.class)
              .hasMessageContaining("same calls");
          return null;
        });
  }
}
