package io.kindling.bench.harness;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/**
 * Runs steps until the JVM has done with them, the same for both sides. Time is divided into
 * windows; the warm-up ends when the steps of the last {@link #STEADY} windows are no faster than
 * those before them and the compiler has come to rest, but not before the least time nor after
 * {@link #MOST} times that. Time is the processor's: on a busy machine seconds of the clock would
 * leave the code half compiled.
 */
final class WarmUp {
  /** Windows in which nothing may improve. */
  private static final int STEADY = 3;

  /** The bound, in least times. */
  private static final double MOST = 6;

  /** Windows in the least time. */
  private static final int WINDOWS = 5;

  /** What counts as faster. */
  private static final double FASTER = 0.98;

  /** The part of a window that a compiler at rest may use. */
  private static final double COMPILING = 0.05;

  private WarmUp() {}

  /** Runs {@code step} as often as it takes, and at least once. */
  static void run(Runnable step, double leastSeconds) {
    CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
    Cores.Watch whole = Cores.watch();
    double window = leastSeconds * 1e9 / WINDOWS;
    double best = Double.POSITIVE_INFINITY;
    int steady = 0;
    do {
      long compiled = compiler.getTotalCompilationTime();
      Cores.Watch watch = Cores.watch();
      double median = median(step, watch, window);
      boolean atRest =
          compiler.getTotalCompilationTime() - compiled < COMPILING * watch.processorTime() / 1e6;
      steady = median >= best * FASTER && atRest ? steady + 1 : 0;
      best = Math.min(best, median);
    } while (whole.processorTime() < leastSeconds * 1e9
        || steady < STEADY && whole.processorTime() < MOST * leastSeconds * 1e9);
  }

  /** The median time of the steps of one window. */
  private static double median(Runnable step, Cores.Watch watch, double window) {
    long[] times = new long[1 << 10];
    int count = 0;
    do {
      // Asking for the processor time costs more than a small step takes.
      long pause = System.nanoTime() + 20_000_000;
      long before = System.nanoTime();
      do {
        step.run();
        long after = System.nanoTime();
        times[count++ % times.length] = after - before;
        before = after;
      } while (before < pause);
    } while (watch.processorTime() < window);
    int kept = Math.min(count, times.length);
    Arrays.sort(times, 0, kept);
    return times[kept / 2];
  }
}
