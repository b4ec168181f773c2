package io.kindling.spark.comm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.distributed.DistributedException;
import io.kindling.distributed.ProcessGroup;
import io.kindling.distributed.ReduceOp;
import io.kindling.memory.Scope;
import io.kindling.spark.cluster.BarrierJob;
import io.kindling.spark.cluster.StandaloneCluster;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two executor processes of a real cluster, authenticated and encrypted. */
@Timeout(180)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ExecutorsAllReduceTest {
  private static final int LENGTH = 300_001;

  private static StandaloneCluster cluster;
  private static JavaSparkContext spark;

  @TempDir private Path folder;

  /** What one task saw. */
  @SuppressWarnings("ArrayRecordComponent") // compared by its components only
  private record Outcome(long process, int size, float[] sum, double[] copy)
      implements Serializable {}

  @BeforeAll
  static void start() {
    cluster = StandaloneCluster.start(2);
    spark =
        new JavaSparkContext(
            cluster
                .conf("all-reduce")
                .set("spark.network.crypto.enabled", "true")
                .set(TransportSettings.TIMEOUT, "20s"));
  }

  @AfterAll
  static void stop() {
    try {
      spark.close();
    } finally {
      cluster.close();
    }
  }

  @Test
  @Order(1)
  void executorsSumTheirTensors() {
    List<Outcome> outcomes =
        BarrierJob.run(
            spark,
            2,
            context -> {
              ProcessGroup group = SparkProcessGroup.join(context, "sums");
              try (Scope scope = Scope.open()) {
                Tensor sum = Tensor.arange(LENGTH).to(DType.FLOAT32).add(group.rank());
                group.allReduce(sum, ReduceOp.SUM);
                Tensor copy = Tensor.full(group.rank() + 7, DType.FLOAT64, 3);
                group.broadcast(copy, 1);
                group.barrier();
                return new Outcome(
                    ProcessHandle.current().pid(),
                    group.size(),
                    sum.toFloatArray(),
                    copy.toDoubleArray());
              }
            });

    float[] expected = new float[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      expected[i] = 2 * i + 1;
    }
    assertThat(outcomes).extracting(Outcome::process).doesNotHaveDuplicates();
    assertThat(outcomes)
        .allSatisfy(
            outcome -> {
              assertThat(outcome.size()).isEqualTo(2);
              assertThat(outcome.sum()).containsExactly(expected);
              assertThat(outcome.copy()).containsExactly(8, 8, 8);
            });
  }

  @Test
  @Order(2)
  void aSingleTaskIsAGroupOfOne() {
    List<Integer> sizes =
        BarrierJob.run(
            spark,
            1,
            context -> {
              ProcessGroup group = SparkProcessGroup.join(context, "alone");
              group.barrier();
              return group.size();
            });
    assertThat(sizes).containsExactly(1);
  }

  @Test
  @Order(3)
  void aTaskThatThrowsFailsTheOtherWithItsMessage() throws IOException {
    String report = folder.resolve("report").toString();
    assertThatThrownBy(
            () ->
                BarrierJob.run(
                    spark,
                    2,
                    context -> {
                      ProcessGroup group = SparkProcessGroup.join(context, "throws");
                      for (int step = 0; true; step++) {
                        if (step == 3 && group.rank() == 1) {
                          throw new IllegalStateException("rank 1 has had enough");
                        }
                        allReduceAndReportFailure(group, report);
                      }
                    }))
        .hasMessageContaining("rank 1 has had enough");
    assertThat(Files.readString(Path.of(report)))
        .contains("rank 1 of 2 failed first", "rank 1 has had enough", "this is rank 0");
  }

  @Test
  @Order(4)
  void aProcessThatDiesIsNamedByTheOther() throws IOException {
    String report = folder.resolve("report").toString();
    assertThatThrownBy(
            () ->
                BarrierJob.run(
                    spark,
                    2,
                    context -> {
                      ProcessGroup group = SparkProcessGroup.join(context, "dies");
                      for (int step = 0; true; step++) {
                        if (step == 3 && group.rank() == 1) {
                          Runtime.getRuntime().halt(9);
                        }
                        allReduceAndReportFailure(group, report);
                      }
                    }))
        .isInstanceOf(Exception.class);
    assertThat(Files.readString(Path.of(report))).contains("rank 1 of 2 failed first");
  }

  private static void allReduceAndReportFailure(ProcessGroup group, String report)
      throws IOException {
    try (Tensor tensor = Tensor.ones(LENGTH)) {
      group.allReduce(tensor, ReduceOp.SUM);
    } catch (DistributedException e) {
      Files.writeString(Path.of(report), e.getMessage());
      throw e;
    }
  }
}
