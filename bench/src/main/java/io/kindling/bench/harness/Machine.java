package io.kindling.bench.harness;

import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** What the figures were measured on. */
public final class Machine {
  private Machine() {}

  /** Processor, cores, Java and the versions of both sides, a line each. */
  public static String describe(Floors floors, Settings settings, boolean pinned) {
    return String.format(
        "%s, %d cores at hand, %s %s%nJava %s, %s beside LibTorch %s%n"
            + "%d thread(s), %s, %d rounds; matrix product %.0f GFLOP/s, copy %s%n",
        processor(),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name"),
        System.getProperty("os.version"),
        Runtime.version(),
        floors.kernels(),
        peerVersion(),
        settings.threads(),
        pinned ? "pinned to cores" : "not pinned (no taskset)",
        settings.rounds(),
        floors.flops() / 1e9,
        copies(floors));
  }

  /** Processes that want a core, on average over the last minute; below 0 if unknown. */
  public static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  private static String copies(Floors floors) {
    StringBuilder text = new StringBuilder();
    for (Floors.Copy copy : floors.copies()) {
      text.append(text.isEmpty() ? "" : ", ")
          .append(Math.round(copy.rate() / 1e9))
          .append(" GB/s at ")
          .append(Math.round(copy.bytes() / 1024))
          .append(" KiB");
    }
    return text.toString();
  }

  private static String processor() {
    try {
      return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException absent) { // not Linux
      return System.getProperty("os.arch");
    }
  }

  private static String peerVersion() {
    Properties properties = new Properties();
    String name = "/META-INF/maven/org.bytedeco/pytorch/pom.properties";
    try (InputStream stream = Machine.class.getResourceAsStream(name)) {
      if (stream != null) {
        properties.load(stream);
      }
    } catch (IOException unreadable) {
      return "(version unknown)";
    }
    return properties.getProperty("version", "(version unknown)");
  }
}
