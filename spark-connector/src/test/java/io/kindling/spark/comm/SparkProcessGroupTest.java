package io.kindling.spark.comm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.DTypeException;
import io.kindling.ShapeException;
import io.kindling.distributed.DistributedException;
import io.kindling.distributed.ProcessGroup;
import io.kindling.distributed.ReduceOp;
import io.kindling.distributed.Work;
import io.kindling.memory.Scope;
import io.kindling.tensor.DType;
import io.kindling.tensor.MemoryFormat;
import io.kindling.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tensors in, tensors out, between members in this JVM. */
class SparkProcessGroupTest {
  private static final int SIZE = 3;

  /** What one rank does with its group. */
  private interface Body<T> {
    T run(ProcessGroup group);
  }

  @Test
  void allReduceSumsTensors() throws Exception {
    List<float[]> results =
        inGroup(
            group -> {
              Tensor tensor = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2).add(group.rank());
              group.allReduce(tensor, ReduceOp.SUM);
              return tensor.toFloatArray();
            });
    assertThat(results)
        .hasSize(SIZE)
        .allSatisfy(sum -> assertThat(sum).containsExactly(6, 9, 12, 15));
  }

  @Test
  void severalAllReducesMayBeUnderWayAndTheirTensorsClosed() throws Exception {
    List<Double> results =
        inGroup(
            group -> {
              List<Work> works = new ArrayList<>();
              Tensor last = Tensor.of(new double[] {group.rank(), 1}, 2);
              for (int i = 1; i <= 20; i++) {
                try (Tensor passing = Tensor.full(i, DType.FLOAT32, 10_000)) {
                  works.add(group.allReduceAsync(passing, ReduceOp.MAX));
                }
              }
              works.add(group.allReduceAsync(last, ReduceOp.SUM));
              works.forEach(Work::await);
              return last.toDoubleArray()[0];
            });
    assertThat(results).containsOnly(3.0);
  }

  @Test
  void denseTensorsInAnyMemoryOrderAreTaken() throws Exception {
    List<float[]> results =
        inGroup(
            group -> {
              Tensor image =
                  Tensor.arange(24)
                      .to(DType.FLOAT32)
                      .view(1, 3, 2, 4)
                      .contiguous(MemoryFormat.CHANNELS_LAST);
              group.allReduce(image, ReduceOp.SUM);
              group.broadcast(image, 1);
              return image.contiguous().toFloatArray();
            });
    float[] expected = new float[24];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = SIZE * i;
    }
    assertThat(results).allSatisfy(values -> assertThat(values).containsExactly(expected));
  }

  @Test
  void tensorsInDifferentMemoryOrderAreAnError() throws Exception {
    List<Throwable> failures =
        inGroup(
            group -> {
              Tensor image = Tensor.ones(1, 3, 2, 4);
              Tensor mine =
                  group.rank() == 0 ? image : image.contiguous(MemoryFormat.CHANNELS_LAST);
              return failure(() -> group.allReduce(mine, ReduceOp.SUM));
            });
    assertThat(failures)
        .allSatisfy(
            failure ->
                assertThat(failure)
                    .isInstanceOf(DistributedException.class)
                    .hasMessageContaining("same calls"));
  }

  @Test
  void broadcastTakesEveryType() throws Exception {
    List<List<double[]>> results =
        inGroup(
            group -> {
              List<double[]> values = new ArrayList<>();
              for (DType dtype : DType.values()) {
                Tensor tensor = Tensor.full(group.rank() == 2 ? 1 : 0, dtype, 5);
                group.broadcast(tensor, 2);
                values.add(tensor.to(DType.FLOAT64).toDoubleArray());
              }
              return values;
            });
    assertThat(results)
        .allSatisfy(
            values ->
                assertThat(values)
                    .allSatisfy(five -> assertThat(five).containsExactly(1, 1, 1, 1, 1)));
  }

  @Test
  void wrongTensorsAreRefusedBeforeAnythingIsSent() throws Exception {
    inGroup(
        group -> {
          assertThatThrownBy(() -> group.allReduce(Tensor.full(1, DType.INT32, 4), ReduceOp.SUM))
              .isInstanceOf(DTypeException.class)
              .hasMessageContaining("int32");
          assertThatThrownBy(() -> group.allReduce(Tensor.ones(4, 4).narrow(1, 0, 2), ReduceOp.SUM))
              .isInstanceOf(ShapeException.class)
              .hasMessageContaining("contiguous()");
          assertThatThrownBy(() -> group.broadcast(Tensor.ones(4), SIZE))
              .isInstanceOf(DistributedException.class)
              .hasMessageContaining("0 to 2");
          group.barrier();
          return group.size();
        });
  }

  @Test
  void afterAnAbortAllCallsFailWithItsCause() throws Exception {
    List<Throwable> failures =
        inGroup(
            group -> {
              if (group.rank() == 1) {
                group.abort(new IllegalStateException("boom"));
              }
              return failure(group::barrier);
            });
    assertThat(failures)
        .allSatisfy(
            failure ->
                assertThat(failure)
                    .isInstanceOf(DistributedException.class)
                    .hasMessageContainingAll("rank 1", "boom"));
  }

  @Test
  void aGroupOfOneKeepsItsValues() {
    try (Scope scope = Scope.open();
        ProcessGroup group = SparkProcessGroup.over(null, 0, 1)) {
      Tensor tensor = Tensor.of(new float[] {1, 2}, 2);
      group.allReduce(tensor, ReduceOp.SUM);
      group.broadcast(tensor, 0);
      group.barrier();
      assertThat(tensor.toFloatArray()).containsExactly(1, 2);

      group.abort(new IllegalStateException("boom"));
      assertThatThrownBy(group::barrier).hasMessageContaining("boom");
    }
  }

  private static <T> List<T> inGroup(Body<T> body) throws Exception {
    try (Ranks ranks = Ranks.connect(SIZE, Security.OFF.conf())) {
      return ranks.run(
          (ring, rank) -> {
            try (Scope scope = Scope.open();
                ProcessGroup group = SparkProcessGroup.over(ring, rank, SIZE)) {
              return body.run(group);
            }
          });
    }
  }

  private static Throwable failure(Runnable call) {
    try {
      call.run();
      throw new AssertionError("the call did not fail");
    } catch (DistributedException e) {
      return e;
    }
  }
}
