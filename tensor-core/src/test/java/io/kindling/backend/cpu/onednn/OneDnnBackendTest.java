package io.kindling.backend.cpu.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindling.backend.Backends;
import io.kindling.backend.cpu.Threads;
import io.kindling.memory.Scope;
import io.kindling.op.matmul.MatMul;
import io.kindling.tensor.Device;
import io.kindling.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OneDnnBackendTest {
  /** Rows of a product that takes long enough for several threads. */
  private static final int LARGE = 1300;

  @Test
  void isAskedFirstAndSaysWhatItIs() {
    assertThat(Backends.of(Device.Type.CPU).get(0)).isInstanceOf(OneDnnBackend.class);
    assertThat(Oracle.backend().description())
        .matches("oneDNN \\d+\\.\\d+\\.\\d+ with .+, OpenMP threads.*");
  }

  @Test
  void canBeSwitchedOff() {
    System.setProperty(OneDnnBackend.BACKEND_PROPERTY, "java");
    try {
      assertThat(new OneDnnBackend().unavailable()).contains("-Dkindling.backend=java");
    } finally {
      System.clearProperty(OneDnnBackend.BACKEND_PROPERTY);
    }
  }

  @Test
  void threadsAreASettingOfTheCallingThread() throws Exception {
    ExecutorService one = Executors.newSingleThreadExecutor();
    ExecutorService other = Executors.newSingleThreadExecutor();
    try {
      assertThat(one.submit(() -> threadsUsed(2)).get()).isEqualTo(2);
      assertThat(other.submit(() -> threadsUsed(1)).get()).isEqualTo(1);
      assertThat(one.submit(OpenMp::maxThreads).get()).isEqualTo(2);
      assertThat(one.submit(() -> threadsUsed(3)).get()).isEqualTo(3);
    } finally {
      one.shutdown();
      other.shutdown();
    }
  }

  @Test
  void smallWorkIsDoneByOneThread() throws Exception {
    ExecutorService one = Executors.newSingleThreadExecutor();
    try {
      assertThat(one.submit(() -> threadsUsed(2, 30)).get()).isEqualTo(1);
      assertThat(one.submit(() -> threadsUsed(2, LARGE)).get()).isEqualTo(2);
      assertThat(one.submit(() -> threadsUsed(2, 30)).get()).isEqualTo(1);
    } finally {
      one.shutdown();
    }
  }

  private static int threadsUsed(int threads) {
    return threadsUsed(threads, LARGE);
  }

  private static int threadsUsed(int threads, int rows) {
    Threads.set(threads);
    try (Scope scope = Scope.open()) {
      Oracle.checkSumOfProducts(
          207, new MatMul(), Oracle.random(1, rows, 207), Oracle.random(2, 207, 65));
    }
    return OpenMp.maxThreads();
  }

  @Test
  void theSameInputGivesTheSameBitsOnEveryThread() throws Exception {
    int threads = 8;
    List<float[]> alone = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      alone.add(products(i));
      assertThat(products(i)).isEqualTo(alone.get(i));
    }
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Callable<float[]>> tasks = new ArrayList<>();
      for (int round = 0; round < 20; round++) {
        for (int i = 0; i < threads; i++) {
          int seed = i;
          tasks.add(() -> products(seed));
        }
      }
      List<Future<float[]>> together = pool.invokeAll(tasks);
      for (int i = 0; i < together.size(); i++) {
        assertThat(together.get(i).get()).isEqualTo(alone.get(i % threads));
      }
    } finally {
      pool.shutdown();
      assertThat(pool.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    }
  }

  private static float[] products(int seed) {
    try (Scope scope = Scope.open()) {
      Tensor a = Oracle.random(seed, 31 + seed, 67);
      Tensor b = Oracle.random(100 + seed, 67, 45 + 3 * seed);
      return Oracle.oneDnn(new MatMul(), a, b)[0].toFloatArray();
    }
  }

  @Test
  void tenThousandShapesLeaveABoundedNumberOfNativeObjects() {
    long before = Primitive.LIVE.get();
    Tensor[] large;
    try (Scope scope = Scope.open()) {
      large = new Tensor[] {Oracle.random(1, 100, 4), Oracle.random(2, 4, 100)};
      for (int m = 1; m <= 100; m++) {
        for (int n = 1; n <= 100; n++) {
          try (Scope step = Scope.open()) {
            Tensor product =
                Oracle.oneDnn(new MatMul(), large[0].slice(0, 0, m, 1), large[1].slice(1, 0, n, 1))[
                    0];
            assertThat(product.toFloatArray()).hasSize(m * n);
          }
        }
      }
      assertThat(Primitive.LIVE.get() - before).isLessThanOrEqualTo(PreparedCalls.CAPACITY);
      Oracle.checkSumOfProducts(4, new MatMul(), large);
    }
  }

  @Test
  void nativeObjectsOfAThreadEndWithIt() throws Exception {
    long before = Primitive.LIVE.get();
    Thread thread = new Thread(() -> products(3));
    thread.start();
    thread.join();
    thread = null;
    // The only test that asks for a collection: there is no other way to see the cleaner work.
    for (int i = 0; i < 200 && Primitive.LIVE.get() > before; i++) {
      System.gc();
      Thread.sleep(10);
    }
    assertThat(Primitive.LIVE.get()).isLessThanOrEqualTo(before);
  }
}
