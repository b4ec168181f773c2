package io.kindling.bench.harness;

import io.kindling.bench.model.Work;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** JMH's view of the work that this process was started for. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Steps {
  /** The work and how long to warm it up; set before JMH starts, in the same process. */
  private static Supplier<Work> source;

  private static double warmUpSeconds;

  private static Measurement usage;

  private Work work;
  private double check;
  private long steps;
  private Cores.Watch watch;

  static void prepare(Supplier<Work> work, double warmUp) {
    source = work;
    warmUpSeconds = warmUp;
  }

  /** What the timed steps used, and what both sides agree on; JMH knows how long they took. */
  static Measurement usage() {
    return usage;
  }

  @Setup(Level.Trial)
  public void open() {
    work = source.get();
    check = work.check();
    WarmUp.run(work::run, warmUpSeconds);
    watch = Cores.watch();
  }

  @Benchmark
  public void step() {
    work.run();
    steps++;
  }

  @TearDown(Level.Trial)
  public void close() {
    usage = watch.measurement(Double.NaN, watch.processorTime() / steps / 1e3, check, steps);
    work.close();
  }
}
