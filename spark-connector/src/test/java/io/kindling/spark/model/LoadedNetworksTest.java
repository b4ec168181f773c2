package io.kindling.spark.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.nn.Module;
import io.kindling.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LoadedNetworksTest {
  private final LoadedNetworks networks = new LoadedNetworks();

  private static final class Weight extends Module {
    private final Tensor weight = parameter("weight", Tensor.ones(1000));

    @Override
    public Tensor forward(Tensor input) {
      return input.add(weight);
    }

    boolean isClosed() {
      return weight.isClosed();
    }
  }

  @Test
  @Timeout(30)
  void concurrentTasksShareOneNetworkThatIsLoadedOnce() throws Exception {
    AtomicInteger loads = new AtomicInteger();
    CountDownLatch start = new CountDownLatch(1);
    ExecutorService tasks = Executors.newFixedThreadPool(4);
    List<Future<LoadedNetworks.Lease>> leases = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      leases.add(
          tasks.submit(
              () -> {
                start.await();
                return networks.acquire(
                    "a",
                    () -> {
                      loads.incrementAndGet();
                      return new Weight();
                    });
              }));
    }
    start.countDown();
    Module first = leases.get(0).get().network();
    for (Future<LoadedNetworks.Lease> lease : leases) {
      assertThat(lease.get().network()).isSameAs(first);
      lease.get().close();
    }
    tasks.shutdown();
    assertThat(tasks.awaitTermination(10, TimeUnit.SECONDS)).isTrue();

    assertThat(loads).hasValue(1);
    assertThat(((Weight) first).isClosed()).isFalse();
    networks.evictIdle();
    assertThat(((Weight) first).isClosed()).isTrue();
  }

  @Test
  void idleNetworksBeyondTheLimitAreClosedOldestFirstAndUsedOnesNever() {
    LoadedNetworks.Lease used = networks.acquire("used", Weight::new);
    List<Weight> idle = new ArrayList<>();
    for (String digest : List.of("a", "b", "c")) {
      try (LoadedNetworks.Lease lease = networks.acquire(digest, Weight::new)) {
        idle.add((Weight) lease.network());
      }
    }

    assertThat(idle).extracting(Weight::isClosed).containsExactly(true, false, false);
    networks.evictIdle();
    assertThat(idle).allMatch(Weight::isClosed);
    assertThat(((Weight) used.network()).isClosed()).isFalse();
    used.close();
    used.close();
    networks.evictIdle();
    assertThat(((Weight) used.network()).isClosed()).isTrue();
  }

  @Test
  void aFailedLoadIsReportedAndTriedAgain() {
    assertThatThrownBy(
            () ->
                networks.acquire(
                    "a",
                    () -> {
                      throw new IllegalStateException("no such class");
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no such class");
    networks.acquire("a", Weight::new).close();
    networks.evictIdle();
  }
}
