package io.kindling.bench.harness;

import io.kindling.bench.model.ChainCase;
import io.kindling.bench.model.Format;
import io.kindling.bench.model.NetworkCase;
import io.kindling.bench.model.Suites;
import io.kindling.bench.model.Work;
import java.io.IOException;

/** The process that trains a network for a while and says how much memory that took at most. */
public final class MemoryWorker {
  private MemoryWorker() {}

  /**
   * What one process found, in MiB.
   *
   * @param whole the process at its peak
   * @param training the part of it that came after libraries were loaded
   * @param step the time of a step in nanoseconds, which tells a side's ways apart
   */
  public record Peaks(Measurement whole, Measurement training, Measurement step) {}

  /**
   * @param arguments side, network, format, threads, seconds of processor time to train
   */
  public static void main(String[] arguments) throws IOException {
    Side side = Side.valueOf(arguments[0]);
    NetworkCase network = (NetworkCase) Suites.of("train", arguments[1]);
    Format format = Format.valueOf(arguments[2]);
    int threads = Integer.parseInt(arguments[3]);
    double seconds = Double.parseDouble(arguments[4]);

    try (Work first = side.work(new ChainCase(1), Format.NCHW, threads)) {
      first.run();
    }
    double loaded = Resident.now();
    try (Work work = side.work(network, format, threads)) {
      double check = work.check();
      Cores.Watch watch = Cores.watch();
      long steps = 0;
      do {
        work.run();
        steps++;
      } while (watch.processorTime() < seconds * 1e9);
      double peak = Resident.peak();
      PinnedProcess.answer(
          new Peaks(
              watch.measurement(peak, Double.NaN, check, steps),
              watch.measurement(peak - loaded, Double.NaN, check, steps),
              watch.measurement(
                  watch.clockTime() / steps, watch.processorTime() / steps, check, steps)));
    }
  }
}
