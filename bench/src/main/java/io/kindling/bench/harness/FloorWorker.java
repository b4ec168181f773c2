package io.kindling.bench.harness;

import io.kindling.autograd.Autograd;
import io.kindling.backend.Backends;
import io.kindling.bench.BenchException;
import io.kindling.memory.OffHeap;
import io.kindling.memory.Scope;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;

/** The process that measures the floors. Other processes only slow it, so the best run counts. */
public final class FloorWorker {
  private static final int[] MATRICES = {256, 512, 1024};
  private static final long[] COPIES = {32L << 10, 1L << 20, 8L << 20, 64L << 20};
  private static final double SECONDS = 1;
  private static final int LEAST_RUNS = 5;

  private FloorWorker() {}

  /**
   * @param arguments the number of threads
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    int threads = Integer.parseInt(arguments[0]);
    double flops = 0;
    for (int size : MATRICES) {
      flops = Math.max(flops, matrixProduct(size));
    }
    List<Floors.Copy> copies = new ArrayList<>();
    for (long bytes : COPIES) {
      copies.add(new Floors.Copy(bytes, copy(bytes / 2 / threads, threads)));
    }
    String kernels = Backends.of(Device.Type.CPU).get(0).description();
    PinnedProcess.answer(new Floors(flops, copies, kernels));
  }

  private static double matrixProduct(int size) {
    try (Scope outer = Scope.open();
        var off = Autograd.noGrad()) {
      Tensor a = Tensor.rand(size, size);
      Tensor b = Tensor.rand(size, size);
      long best =
          best(
              () -> {
                try (Scope scope = Scope.open()) {
                  a.matmul(b);
                }
              });
      return 2.0 * size * size * size / best * 1e9;
    }
  }

  /** Bytes a second, each counted as read and as written, by threads with memory of their own. */
  private static double copy(long bytes, int threads) throws InterruptedException {
    int times = (int) Math.max(1, (1L << 20) / bytes);
    CyclicBarrier barrier = new CyclicBarrier(threads + 1);
    boolean[] stop = new boolean[1];
    List<Thread> workers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      Thread worker = new Thread(() -> copyUntil(stop, barrier, bytes, times));
      worker.start();
      workers.add(worker);
    }
    long best =
        best(
            () -> {
              await(barrier);
              await(barrier);
            });
    stop[0] = true; // the barrier publishes it
    await(barrier);
    for (Thread worker : workers) {
      worker.join();
    }
    return 2.0 * bytes * times * threads / best * 1e9;
  }

  private static void copyUntil(boolean[] stop, CyclicBarrier barrier, long bytes, int times) {
    try (Scope scope = Scope.open()) {
      Shape shape = Shape.of(bytes);
      Tensor source = Tensor.zeros(shape, DType.UINT8, Device.CPU);
      Tensor target = Tensor.zeros(shape, DType.UINT8, Device.CPU);
      while (true) {
        await(barrier);
        if (stop[0]) {
          return;
        }
        for (int i = 0; i < times; i++) {
          OffHeap.copy(source.address(), target.address(), bytes);
        }
        await(barrier);
      }
    }
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new BenchException("the threads that copy were interrupted", e);
    }
  }

  /** The shortest time in nanoseconds; of several runs, however busy the machine is. */
  private static long best(Runnable run) {
    long best = Long.MAX_VALUE;
    long end = System.nanoTime() + (long) (SECONDS * 1e9);
    for (int runs = 0; runs < LEAST_RUNS || System.nanoTime() < end; runs++) {
      long start = System.nanoTime();
      run.run();
      best = Math.min(best, System.nanoTime() - start);
    }
    return best;
  }
}
