package io.kindling.bench.harness;

import io.kindling.bench.BenchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The memory that this process has in the machine's, in MiB, as Linux counts it. */
final class Resident {
  private static final Path STATUS = Path.of("/proc/self/status");

  private Resident() {}

  static double now() {
    return read("VmRSS:");
  }

  /** The most since the process began. */
  static double peak() {
    return read("VmHWM:");
  }

  private static double read(String field) {
    try {
      for (String line : Files.readAllLines(STATUS)) {
        if (line.startsWith(field)) {
          return Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024;
        }
      }
    } catch (IOException e) {
      throw new BenchException("resident memory is read from " + STATUS + ", on Linux only", e);
    }
    throw new BenchException(STATUS + " does not say " + field);
  }
}
