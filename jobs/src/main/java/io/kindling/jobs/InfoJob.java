package io.kindling.jobs;

import io.kindling.backend.Backend;
import io.kindling.backend.Backends;
import io.kindling.memory.MemoryStatistics;
import io.kindling.tensor.Device;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.SparkBuildInfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says what is installed and what it will run on. */
@Command(name = "info", description = "Show versions, CPU kernels, threads and GPU.")
final class InfoJob implements Callable<Integer> {
  @Spec CommandSpec command;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  boolean help;

  /** The version of the jar, for {@code --version} as well. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Kindling.class.getPackage().getImplementationVersion();
      return new String[] {"Kindling " + (version == null ? "(not from a jar)" : version)};
    }
  }

  @Override
  public Integer call() {
    PrintWriter out = command.commandLine().getOut();
    out.println(new Version().getVersion()[0]);
    line(out, "Java", Runtime.version() + " (" + System.getProperty("java.vm.name") + ")");
    line(out, "Spark", SparkBuildInfo.spark_version());
    line(
        out,
        "System",
        System.getProperty("os.name")
            + " "
            + System.getProperty("os.arch")
            + ", "
            + Runtime.getRuntime().availableProcessors()
            + " processors for this JVM");
    for (Backend backend : Backends.of(Device.Type.CPU)) {
      line(out, "CPU kernels", backend.name() + ": " + backend.description());
    }
    for (String reason : Backends.unavailable()) {
      line(out, "Not used", reason);
    }
    line(out, "Threads", "one task uses spark.task.cpus threads (1 unless set)");
    line(out, "GPU", gpu());
    MemoryStatistics memory = Backends.allocator(Device.CPU).statistics();
    line(
        out,
        "Tensor memory",
        memory.limit() == Long.MAX_VALUE
            ? "no limit (-Dkindling.memory.limit=BYTES sets one)"
            : "at most " + memory.limit() + " bytes");
    return 0;
  }

  private static String gpu() {
    List<Backend> backends = Backends.of(Device.Type.CUDA);
    return backends.isEmpty()
        ? "none: no CUDA backend is on the classpath, so device 'auto' means the CPU"
        : backends.get(0).description();
  }

  private static void line(PrintWriter out, String name, String value) {
    out.printf("%-14s %s%n", name, value);
  }
}
