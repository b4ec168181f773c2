package io.kindling.spark.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import scala.Function1;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;

class StandaloneClusterTest {
  /** A barrier task's own account of where it ran. */
  private record Task(int rank, long process, int peers) implements Serializable {}

  @Test
  void barrierTasksRunInDifferentProcessesWhichEndWithTheCluster() {
    List<Task> tasks;
    List<ProcessHandle> executors;
    try (StandaloneCluster cluster = StandaloneCluster.start(2);
        JavaSparkContext spark = new JavaSparkContext(cluster.conf("two executors"))) {
      tasks = barrierTasks(spark, 2);
      executors = tasks.stream().map(task -> ProcessHandle.of(task.process).orElseThrow()).toList();

      assertThat(tasks).extracting(Task::rank).containsExactlyInAnyOrder(0, 1);
      assertThat(tasks).extracting(Task::peers).containsOnly(2);
      assertThat(tasks).extracting(Task::process).doesNotHaveDuplicates();
      assertThat(tasks).extracting(Task::process).doesNotContain(ProcessHandle.current().pid());
      assertThat(cluster.logs().resolve("master.log")).isNotEmptyFile();
    }
    assertThat(executors).noneMatch(ProcessHandle::isAlive);
  }

  private static List<Task> barrierTasks(JavaSparkContext spark, int count) {
    Function1<Iterator<Integer>, Iterator<Task>> body =
        (Function1<Iterator<Integer>, Iterator<Task>> & Serializable)
            rows -> {
              BarrierTaskContext context = BarrierTaskContext.get();
              context.barrier();
              Task task =
                  new Task(
                      context.partitionId(),
                      ProcessHandle.current().pid(),
                      context.getTaskInfos().length);
              return CollectionConverters.asScala(List.of(task).iterator());
            };
    List<Integer> rows = IntStream.range(0, count).boxed().toList();
    return new ArrayList<>(
        spark
            .parallelize(rows, count)
            .rdd()
            .barrier()
            .mapPartitions(body, false, ClassTag.<Task>apply(Task.class))
            .toJavaRDD()
            .collect());
  }
}
