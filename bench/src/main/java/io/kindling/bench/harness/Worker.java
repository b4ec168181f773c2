package io.kindling.bench.harness;

import io.kindling.bench.model.Format;
import io.kindling.bench.model.StepCase;
import io.kindling.bench.model.Suites;
import io.kindling.bench.model.Work;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** The process that measures one side of one case. JMH does not fork again: this is its fork. */
public final class Worker {
  private Worker() {}

  /**
   * @param arguments side, suite, case, format, threads, seconds of warm-up, seconds to time
   */
  public static void main(String[] arguments) throws RunnerException, IOException {
    Side side = Side.valueOf(arguments[0]);
    StepCase one = (StepCase) Suites.of(arguments[1], arguments[2]);
    Format format = Format.valueOf(arguments[3]);
    int threads = Integer.parseInt(arguments[4]);
    Supplier<Work> work = () -> side.work(one, format, threads);
    Steps.prepare(work, Double.parseDouble(arguments[5]));
    long milliseconds = Math.round(Double.parseDouble(arguments[6]) * 1000);
    Options options =
        new OptionsBuilder()
            .include(Steps.class.getName())
            .forks(0)
            .warmupIterations(1)
            .warmupTime(TimeValue.milliseconds(milliseconds / 10 + 1))
            .measurementIterations(1)
            .measurementTime(TimeValue.milliseconds(milliseconds))
            .timeout(new TimeValue(10, TimeUnit.MINUTES))
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT)
            .build();
    RunResult result = new Runner(options).runSingle();
    var statistics = result.getPrimaryResult().getStatistics();
    PinnedProcess.answer(Steps.usage().of(statistics.getPercentile(50) / 1e3, statistics.getN()));
  }
}
