package io.kindling.bench.harness;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kindling.bench.libtorch.LibTorch;
import io.kindling.bench.model.Case;
import io.kindling.bench.model.Format;
import io.kindling.bench.model.Suites;
import io.kindling.bench.model.Work;
import io.kindling.bench.ours.Ours;
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
    Case one = Suites.of(arguments[1], arguments[2]);
    Format format = Format.valueOf(arguments[3]);
    int threads = Integer.parseInt(arguments[4]);
    Supplier<Work> work =
        side == Side.OURS ? () -> Ours.of(one, format) : () -> LibTorch.of(one, format, threads);
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
    Steps.Usage usage = Steps.usage();
    Measurement measurement =
        new Measurement(
            statistics.getPercentile(50),
            usage.processorTime() / usage.steps(),
            usage.processorTime() / usage.clockTime(),
            usage.check(),
            statistics.getN());
    System.out.println(
        PinnedProcess.RESULT + JsonMapper.builder().build().writeValueAsString(measurement));
  }
}
