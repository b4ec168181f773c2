package io.kindling.bench.harness;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The JVMs that measure, with the same options for all sides. */
enum Jvm {
  /** For steps: a heap of one size. */
  STEPS("-Xms1g", "-Xmx1g", "-XX:+UseSerialGC"),
  /** For memory: a heap that is no larger than it must be. */
  MEMORY("-Xms64m", "-Xmx1g", "-XX:+UseSerialGC"),
  /** For Spark, in local mode: the JVM's own choice of a collector. */
  SPARK("-Xmx4g");

  private final List<String> options;

  Jvm(String... options) {
    this.options = List.of(options);
  }

  /** Threads that one call of a kernel has: tasks of Spark have a core each. */
  int threadsOfCalls(int threads) {
    return this == SPARK ? 1 : threads;
  }

  /** Starts {@code main}. */
  List<String> command(int threads, Class<?> main, Object... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (this == SPARK) {
      Path home = Path.of(System.getProperty("kindling.home", "."));
      command.add("@" + home.resolve("bin/spark-jvm.options"));
    }
    command.addAll(options);
    command.add("-Djmh.ignoreLock=true");
    command.add("-Dkindling.threads=" + threadsOfCalls(threads));
    // JavaCPP would count the whole process's memory against the heap's size, and wait.
    command.add("-Dorg.bytedeco.javacpp.maxBytes=0");
    command.add("-Dorg.bytedeco.javacpp.maxPhysicalBytes=0");
    command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    Arrays.stream(arguments).map(Object::toString).forEach(command::add);
    return command;
  }
}
