package io.kindling.spark.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

class StandaloneClusterTest {
  /** A barrier task's own account of where it ran. */
  private record Task(int rank, long process, int peers) implements Serializable {}

  @Test
  void barrierTasksRunInDifferentProcessesWhichEndWithTheCluster() {
    List<ProcessHandle> executors;
    try (StandaloneCluster cluster = StandaloneCluster.start(2);
        JavaSparkContext spark = new JavaSparkContext(cluster.conf("two executors"))) {
      List<Task> tasks =
          BarrierJob.run(
              spark,
              2,
              context -> {
                context.barrier();
                return new Task(
                    context.partitionId(),
                    ProcessHandle.current().pid(),
                    context.getTaskInfos().length);
              });
      executors = tasks.stream().map(task -> ProcessHandle.of(task.process).orElseThrow()).toList();

      assertThat(tasks).extracting(Task::rank).containsExactly(0, 1);
      assertThat(tasks).extracting(Task::peers).containsOnly(2);
      assertThat(tasks)
          .extracting(Task::process)
          .doesNotHaveDuplicates()
          .doesNotContain(ProcessHandle.current().pid());
      assertThat(cluster.logs().resolve("master.log")).isNotEmptyFile();
    }
    assertThat(executors).noneMatch(ProcessHandle::isAlive);
  }
}
