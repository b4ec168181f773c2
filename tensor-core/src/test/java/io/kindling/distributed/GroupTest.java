package io.kindling.distributed;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindling.memory.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A test of what the members of a group do together. */
public abstract class GroupTest {
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

  /** As {@link #onEach(int, Duration, Function)}, with much time. */
  protected final <T> List<T> onEach(int size, Function<ProcessGroup, T> member) throws Exception {
    return onEach(size, Duration.ofSeconds(60), member);
  }
}
