package io.kindling.bench.harness;

import java.util.ArrayList;
import java.util.List;

/** Times passes over a table. */
final class Passes {
  private Passes() {}

  /**
   * Rows a second, of the median pass.
   *
   * @param warmUp repeated until the JVM has done with it, as {@link WarmUp} says
   * @param pass repeated for {@code seconds} of the clock, and at least once
   * @param rows of a pass
   * @param check what both sides must agree on
   */
  static Measurement rate(
      Runnable warmUp,
      double warmUpSeconds,
      Runnable pass,
      double seconds,
      double rows,
      double check) {
    WarmUp.run(warmUp, warmUpSeconds);
    List<Double> times = new ArrayList<>();
    Cores.Watch watch = Cores.watch();
    do {
      Cores.Watch one = Cores.watch();
      pass.run();
      times.add(one.clockTime() / 1e9);
    } while (watch.clockTime() < seconds * 1e9);
    double[] sorted = times.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    double byProcessor = rows * sorted.length / (watch.processorTime() / 1e9);
    return watch.measurement(rows / sorted[sorted.length / 2], byProcessor, check, sorted.length);
  }
}
