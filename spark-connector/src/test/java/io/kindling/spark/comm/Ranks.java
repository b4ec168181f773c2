package io.kindling.spark.comm;

import io.kindling.distributed.ProcessGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import org.apache.spark.SparkConf;

/** The members of one group in this JVM, connected over loopback, with a thread for each. */
final class Ranks implements AutoCloseable {
  private static final long HANG_SECONDS = 60;

  /** What one rank does. */
  interface Body<T> {
    T run(Ring ring, int rank) throws Exception;
  }

  private final ExecutorService threads;
  private final List<Endpoint> endpoints;
  private final List<Ring> rings;

  private Ranks(ExecutorService threads, List<Endpoint> endpoints, List<Ring> rings) {
    this.threads = threads;
    this.endpoints = endpoints;
    this.rings = rings;
  }

  static Ranks connect(int size, SparkConf conf) throws Exception {
    return connect(size, conf, rank -> false);
  }

  static Ranks connect(int size, SparkConf conf, IntPredicate killed) throws Exception {
    TransportSettings settings = Security.settings(conf);
    List<Endpoint> endpoints = new ArrayList<>();
    for (int rank = 0; rank < size; rank++) {
      endpoints.add(Endpoint.listen(settings, "127.0.0.1", rank, size));
    }
    return connect(endpoints, settings, killed);
  }

  static Ranks connect(List<Endpoint> endpoints, TransportSettings settings, IntPredicate killed)
      throws Exception {
    ExecutorService threads = Executors.newCachedThreadPool();
    List<Member> members = endpoints.stream().map(Endpoint::member).toList();
    List<Callable<Ring>> connecting = new ArrayList<>();
    for (Endpoint endpoint : endpoints) {
      connecting.add(
          () ->
              Ring.connect(
                  endpoint,
                  members,
                  settings,
                  new Deadline(Duration.ofSeconds(30), () -> false),
                  () -> killed.test(endpoint.member().rank())));
    }
    return new Ranks(threads, endpoints, all(threads, connecting));
  }

  Ring ring(int rank) {
    return rings.get(rank);
  }

  /** The groups over these members' rings. */
  List<ProcessGroup> groups() {
    List<ProcessGroup> groups = new ArrayList<>();
    for (int rank = 0; rank < rings.size(); rank++) {
      groups.add(SparkProcessGroup.over(rings.get(rank), rank, rings.size()));
    }
    return groups;
  }

  Endpoint endpoint(int rank) {
    return endpoints.get(rank);
  }

  /** Runs {@code body} on all ranks at once and returns their results by rank. */
  <T> List<T> run(Body<T> body) throws Exception {
    List<Callable<T>> tasks = new ArrayList<>();
    for (int rank = 0; rank < rings.size(); rank++) {
      int self = rank;
      tasks.add(() -> body.run(rings.get(self), self));
    }
    return all(threads, tasks);
  }

  private static <T> List<T> all(ExecutorService threads, List<Callable<T>> tasks)
      throws Exception {
    List<Future<T>> running = new ArrayList<>();
    for (Callable<T> task : tasks) {
      running.add(threads.submit(task));
    }
    List<T> results = new ArrayList<>();
    for (Future<T> future : running) {
      results.add(future.get(HANG_SECONDS, TimeUnit.SECONDS));
    }
    return results;
  }

  @Override
  public void close() throws Exception {
    run(
        (ring, rank) -> {
          ring.close();
          return rank;
        });
    threads.shutdownNow();
  }
}
