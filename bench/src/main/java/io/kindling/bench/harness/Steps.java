package io.kindling.bench.harness;

import com.sun.management.OperatingSystemMXBean;
import io.kindling.bench.model.Work;
import java.lang.management.ManagementFactory;
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
  private static final OperatingSystemMXBean PROCESS =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  /** The work and how long to warm it up; set before JMH starts, in the same process. */
  private static Supplier<Work> source;

  private static double warmUpSeconds;

  private static Usage usage;

  /** What the timed steps used, and what they agree on. */
  record Usage(long steps, double processorTime, double clockTime, double check) {}

  private Work work;
  private double check;
  private long steps;
  private long processorStart;
  private long clockStart;

  static void prepare(Supplier<Work> work, double warmUp) {
    source = work;
    warmUpSeconds = warmUp;
  }

  static Usage usage() {
    return usage;
  }

  /**
   * Warms up by processor time: on a busy machine seconds of the clock would leave the code half
   * compiled.
   */
  @Setup(Level.Trial)
  public void open() {
    work = source.get();
    check = work.check();
    long enough = PROCESS.getProcessCpuTime() + (long) (warmUpSeconds * 1e9);
    while (PROCESS.getProcessCpuTime() < enough) {
      long pause = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(20);
      do {
        work.run();
      } while (System.nanoTime() < pause);
    }
    processorStart = PROCESS.getProcessCpuTime();
    clockStart = System.nanoTime();
  }

  @Benchmark
  public void step() {
    work.run();
    steps++;
  }

  @TearDown(Level.Trial)
  public void close() {
    usage =
        new Usage(
            steps,
            PROCESS.getProcessCpuTime() - processorStart,
            System.nanoTime() - clockStart,
            check);
    work.close();
  }
}
