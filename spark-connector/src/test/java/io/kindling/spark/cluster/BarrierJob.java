package io.kindling.spark.cluster;

import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import scala.Function1;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;

/** Runs a piece of Java in every task of a barrier stage. */
public final class BarrierJob {
  private BarrierJob() {}

  /**
   * What one task does; it travels to the executors, as does its result.
   *
   * @param <T> the type of the result
   */
  @FunctionalInterface
  public interface Body<T> extends Serializable {
    T run(BarrierTaskContext context) throws Exception;
  }

  /** The results of {@code tasks} tasks that run at the same time, in the order of their ranks. */
  public static <T> List<T> run(JavaSparkContext spark, int tasks, Body<T> body) {
    Function1<Iterator<Integer>, Iterator<T>> partition =
        (Function1<Iterator<Integer>, Iterator<T>> & Serializable)
            rows -> CollectionConverters.asScala(List.of(result(body)).iterator());
    List<Integer> ranks = IntStream.range(0, tasks).boxed().toList();
    return spark
        .parallelize(ranks, tasks)
        .rdd()
        .barrier()
        .mapPartitions(partition, false, ClassTag.<T>apply(Object.class))
        .toJavaRDD()
        .collect();
  }

  private static <T> T result(Body<T> body) {
    try {
      return body.run(BarrierTaskContext.get());
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
