package io.kindling.bench.harness;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The cores that this process may use, and who uses them. */
final class Cores {
  private static final OperatingSystemMXBean PROCESS =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  /** What Linux counts time in, for programs: a hundredth of a second. */
  private static final double TICK = 1e7;

  /** Fields of a line of /proc/stat: idle time, and waiting for disks. */
  private static final int IDLE = 4;

  private static final int WAITING = 5;

  /** user, nice, system, idle, waiting, two kinds of interrupts, stolen by other machines. */
  private static final int COUNTED = 8;

  private Cores() {}

  /** The numbers of the cores at hand. */
  static List<Integer> allowed() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith("Cpus_allowed_list:")) {
          return parse(line.substring(line.indexOf(':') + 1).strip());
        }
      }
    } catch (IOException absent) { // not Linux
      // falls through
    }
    return IntStream.range(0, Runtime.getRuntime().availableProcessors()).boxed().toList();
  }

  /** Numbers and ranges: {@code 0-3,8}. */
  static List<Integer> parse(String list) {
    List<Integer> cores = new ArrayList<>();
    for (String range : list.split(",", -1)) {
      String[] ends = range.split("-", -1);
      int last = Integer.parseInt(ends[ends.length - 1]);
      for (int i = Integer.parseInt(ends[0]); i <= last; i++) {
        cores.add(i);
      }
    }
    return cores;
  }

  /** Starts to watch. */
  static Watch watch() {
    List<Integer> allowed = allowed();
    return new Watch(allowed, System.nanoTime(), PROCESS.getProcessCpuTime(), busy(allowed));
  }

  /**
   * What was used since a moment.
   *
   * @param clock then, in nanoseconds, as are the other two
   * @param processor time of this process
   * @param busy time of its cores, whoever used them; NaN if unknown
   */
  record Watch(List<Integer> allowed, long clock, long processor, double busy) {
    /** Nanoseconds of the clock since then. */
    double clockTime() {
      return System.nanoTime() - clock;
    }

    /** Nanoseconds of processors that this process used since then. */
    double processorTime() {
      return PROCESS.getProcessCpuTime() - processor;
    }

    /** How many cores this process used on average. */
    double cores() {
      return processorTime() / clockTime();
    }

    /** How many of them others used; 0 if unknown. */
    double othersCores() {
      double others = (Cores.busy(allowed) - busy - processorTime()) / clockTime();
      return others > 0 ? others : 0; // neither below 0 nor NaN
    }

    /** A figure and what it was measured under. */
    Measurement measurement(double value, double processorValue, double check, long samples) {
      return new Measurement(value, processorValue, cores(), othersCores(), check, samples);
    }
  }

  private static double busy(List<Integer> cores) {
    try {
      double ticks = 0;
      for (String line : Files.readAllLines(Path.of("/proc/stat"))) {
        String[] fields = line.split(" +", -1);
        if (fields[0].matches("cpu[0-9]+")
            && cores.contains(Integer.valueOf(fields[0].substring(3)))) {
          for (int i = 1; i <= COUNTED; i++) {
            ticks += i == IDLE || i == WAITING ? 0 : Long.parseLong(fields[i]);
          }
        }
      }
      return ticks * TICK;
    } catch (IOException absent) { // not Linux
      return Double.NaN;
    }
  }
}
