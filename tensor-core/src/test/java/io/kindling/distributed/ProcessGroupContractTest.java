package io.kindling.distributed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.DTypeException;
import io.kindling.ShapeException;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import io.kindling.tensor.MemoryFormat;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every {@link ProcessGroup} does. An implementation's test extends this. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class ProcessGroupContractTest extends GroupTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final int[] LENGTHS = {0, 1, 2, 3, 5, 13, 207, 702, 70_001};

  /** An operation on a tensor. */
  private interface Operation {
    Work start(ProcessGroup group, Tensor tensor);
  }

  private static final Map<String, Operation> OPERATIONS =
      Map.of(
          "allReduce", (group, tensor) -> group.allReduceAsync(tensor, ReduceOp.SUM),
          "reduceScatter", (group, tensor) -> group.reduceScatterAsync(tensor, ReduceOp.SUM),
          "allGather", ProcessGroup::allGatherAsync);

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
  void anAllReduceIsAReduceScatterAndAnAllGather() throws Exception {
    for (int size = 1; size <= 4; size++) {
      for (int length : LENGTHS) {
        onEach(
            size,
            LONG,
            group -> {
              Tensor whole = Tensor.of(values(group.rank(), length)).to(DType.FLOAT32);
              Tensor halves = whole.clone();
              group.allReduce(whole, ReduceOp.SUM);
              group.reduceScatter(halves, ReduceOp.SUM);
              Segment own = Segment.of(length, group.rank(), group.size());
              assertThat(halves.narrow(0, own.start(), own.elements()).toFloatArray())
                  .as("segment of rank %d", group.rank())
                  .isEqualTo(whole.narrow(0, own.start(), own.elements()).toFloatArray());
              group.allGather(halves);
              assertThat(halves.toFloatArray()).isEqualTo(whole.toFloatArray());
              return null;
            });
      }
    }
  }

  @Test
  void scattersEveryTypeInEveryWay() throws Exception {
    for (ReduceOp op : ReduceOp.values()) {
      for (DType dtype : new DType[] {DType.FLOAT32, DType.FLOAT64, DType.INT64}) {
        onEach(
            3,
            LONG,
            group -> {
              Tensor whole = Tensor.of(values(group.rank(), 29)).mul(100).to(dtype);
              Tensor part = whole.clone();
              group.allReduce(whole, op);
              group.reduceScatter(part, op);
              Segment own = Segment.of(29, group.rank(), 3);
              assertThat(part.narrow(0, own.start(), own.elements()).toDoubleArray())
                  .as(op + " " + dtype)
                  .isEqualTo(whole.narrow(0, own.start(), own.elements()).toDoubleArray());
              return null;
            });
      }
    }
  }

  @Test
  void gathersBitsOfAnyTypeInTheirOrderInMemory() throws Exception {
    for (DType dtype : DType.values()) {
      onEach(
          3,
          LONG,
          group -> {
            // Rank r's own segment of the 40 elements holds r % 2, the others 1.
            Tensor flat = Tensor.empty(Shape.of(40), dtype, Device.CPU).fill_(1);
            Segment own = Segment.of(40, group.rank(), 3);
            flat.narrow(0, own.start(), own.elements()).fill_(group.rank() % 2);
            Tensor image = flat.view(1, 2, 5, 4).permute(0, 3, 1, 2);
            group.allGather(image);
            double[] expected = new double[40];
            Arrays.fill(expected, 13, 26, 1);
            assertThat(flat.toDoubleArray()).as("%s", dtype).isEqualTo(expected);
            return null;
          });
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
            works.add(
                k % 4 == 3
                    ? group.reduceScatterAsync(t, ReduceOp.SUM)
                    : group.allReduceAsync(t, ReduceOp.SUM));
            if (k % 4 == 3) {
              works.add(group.allGatherAsync(t));
            }
          }
          works.forEach(Work::await);
          for (int k = 0; k < 20; k++) {
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
          OPERATIONS.forEach(
              (name, operation) ->
                  assertThatThrownBy(() -> operation.start(group, t).await())
                      .as(name)
                      .isInstanceOf(DistributedException.class)
                      .hasMessageContaining("rank 1")
                      .hasMessageContaining("the data ran out"));
          assertThatThrownBy(group::barrier).isInstanceOf(DistributedException.class);
          return null;
        });
  }

  @Test
  void whoeverDoesNotComeIsWaitedForNoLongerThanTheDeadline() throws Exception {
    for (Operation operation : OPERATIONS.values()) {
      onEach(
          2,
          Duration.ofMillis(300),
          group -> {
            if (group.rank() == 0) {
              Tensor t = Tensor.zeros(1000);
              assertThatThrownBy(() -> operation.start(group, t).await())
                  .isInstanceOf(DistributedException.class)
                  .hasMessageContaining("rank 1");
            }
            return null;
          });
    }
  }

  @Test
  void wrongTensorsAreRefusedBeforeAnyoneWaits() throws Exception {
    onEach(
        2,
        LONG,
        group -> {
          Tensor part = Tensor.ones(4, 4).narrow(1, 0, 2);
          OPERATIONS.forEach(
              (name, operation) ->
                  assertThatThrownBy(() -> operation.start(group, part))
                      .as(name)
                      .isInstanceOf(ShapeException.class)
                      .hasMessageContaining("contiguous()"));
          assertThatThrownBy(() -> group.reduceScatter(Tensor.of(new int[] {1}), ReduceOp.SUM))
              .isInstanceOf(DTypeException.class)
              .hasMessageContaining("int32");
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
    for (Operation operation : OPERATIONS.values()) {
      onEach(
          2,
          LONG,
          group -> {
            Tensor mine = Tensor.zeros(group.rank() + 1);
            assertThatThrownBy(() -> operation.start(group, mine).await())
                .isInstanceOf(DistributedException.class)
                .hasMessageContaining("same calls");
            return null;
          });
    }
  }

  @Test
  void membersThatCallDifferentOperationsAllFail() throws Exception {
    List<String> names = List.copyOf(OPERATIONS.keySet());
    for (int first = 0; first < names.size(); first++) {
      String[] called = {names.get(first), names.get((first + 1) % names.size())};
      onEach(
          2,
          LONG,
          group -> {
            Tensor mine = Tensor.zeros(10);
            Operation operation = OPERATIONS.get(called[group.rank()]);
            assertThatThrownBy(() -> operation.start(group, mine).await())
                .as("%s and %s", called[0], called[1])
                .isInstanceOf(DistributedException.class)
                .hasMessageContaining("same calls");
            return null;
          });
    }
  }
}
