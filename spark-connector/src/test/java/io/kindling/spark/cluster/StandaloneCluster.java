package io.kindling.spark.cluster;

import io.kindling.spark.testing.LocalSpark;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;

/**
 * A Spark standalone cluster for tests: one Master process and N Worker processes on loopback,
 * started from the jars of the test's class path, with {@code spark.authenticate} on.
 *
 * <pre>{@code
 * try (StandaloneCluster cluster = StandaloneCluster.start(2);
 *     JavaSparkContext spark = new JavaSparkContext(cluster.conf("my test"))) {
 *   ...
 * }
 * }</pre>
 *
 * <p>Each worker offers one core, so an application with the preset {@link #conf} gets one executor
 * process on every worker. The driver is the test's own JVM; as Spark allows one context a JVM, a
 * test class stops the one that it made. The logs of all processes, executors included, stay under
 * {@code target/standalone-cluster}; everything else is deleted by {@link #close}.
 */
public final class StandaloneCluster implements AutoCloseable {
  private static final Duration START_DEADLINE = Duration.ofSeconds(90);
  private static final Duration EXIT_DEADLINE = Duration.ofSeconds(30);
  private static final Pattern MASTER_URL =
      Pattern.compile("Starting Spark master at (spark://\\S+)");
  private static final Pattern WORKER_REGISTERED = Pattern.compile("Registering worker \\S+ with ");
  private static final int LOG_TAIL_LINES = 40;

  private record Child(String name, Process process, Path log) {}

  private final String secret = UUID.randomUUID().toString();
  private final int workers;
  private final List<String> classPath;
  private final Path home;
  private final Path logs;
  private final List<Child> children = new ArrayList<>();
  private final Thread shutdownHook = new Thread(this::endChildren, "end the standalone cluster");
  private String masterUrl;

  private StandaloneCluster(int workers, List<String> classPath) throws IOException {
    this.workers = workers;
    this.classPath = classPath;
    this.home = Files.createTempDirectory("kindling-cluster");
    Path target = Files.createDirectories(Path.of("target", "standalone-cluster"));
    this.logs = Files.createTempDirectory(target.toAbsolutePath(), "run-");
  }

  /**
   * Starts a cluster and returns once every worker has registered with the master. Ends the local
   * context that tests share, if there is one, to make room for the cluster's.
   *
   * @throws IllegalStateException if a process ends early or does not come up in time; the message
   *     holds the tail of its log
   */
  public static StandaloneCluster start(int workers) {
    return start(workers, ownClassPath());
  }

  /**
   * As {@link #start(int)}, with a class path other than the test's own for the cluster's
   * processes.
   */
  public static StandaloneCluster start(int workers, List<String> classPath) {
    if (workers < 1) {
      throw new IllegalArgumentException("a cluster needs at least one worker, got " + workers);
    }
    LocalSpark.stop();
    try {
      StandaloneCluster cluster = new StandaloneCluster(workers, classPath);
      try {
        cluster.startAll();
        return cluster;
      } catch (IOException | RuntimeException e) {
        cluster.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The {@code spark://host:port} of the master. */
  public String masterUrl() {
    return masterUrl;
  }

  /** The folder with the logs of master, workers and executors; it outlives the cluster. */
  public Path logs() {
    return logs;
  }

  /**
   * A fresh configuration for an application with one executor on every worker. Set anything else
   * on it, {@code spark.executor.memory} for example, before making the context.
   */
  public SparkConf conf(String applicationName) {
    return new SparkConf(false)
        .setAppName(applicationName)
        .setMaster(masterUrl)
        .set("spark.authenticate", "true")
        .set("spark.authenticate.secret", secret)
        .set("spark.driver.host", "127.0.0.1")
        .set("spark.driver.bindAddress", "127.0.0.1")
        .set("spark.local.dir", home.resolve("driver").toString())
        .set("spark.ui.enabled", "false")
        .set("spark.executor.cores", "1")
        .set("spark.executor.memory", "1g")
        .set("spark.cores.max", Integer.toString(workers))
        // No task starts before every executor is there, so none is dealt two by being early.
        .set("spark.scheduler.minRegisteredResourcesRatio", "1.0")
        .set("spark.scheduler.maxRegisteredResourcesWaitingTime", "120s")
        .set("spark.executor.extraClassPath", String.join(File.pathSeparator, classFolders()));
  }

  private void startAll() throws IOException {
    Runtime.getRuntime().addShutdownHook(shutdownHook);
    linkJars();
    Path properties = writeProperties();
    Path log4j = writeLoggingConfiguration();

    Child master =
        startChild(
            "master",
            log4j,
            List.of(
                "org.apache.spark.deploy.master.Master",
                "--host",
                "127.0.0.1",
                "--port",
                "0",
                "--webui-port",
                "0",
                "--properties-file",
                properties.toString()));
    masterUrl = await("the master to name its address", master, () -> firstMatch(master));
    for (int i = 0; i < workers; i++) {
      startChild(
          "worker-" + i,
          log4j,
          List.of(
              "org.apache.spark.deploy.worker.Worker",
              "--host",
              "127.0.0.1",
              "--port",
              "0",
              "--webui-port",
              "0",
              "--cores",
              "1",
              "--memory",
              "4g",
              "--work-dir",
              logs.resolve("worker-" + i).toString(),
              "--properties-file",
              properties.toString(),
              masterUrl));
    }
    await(
        "all " + workers + " workers to register",
        master,
        () -> WORKER_REGISTERED.matcher(read(master.log)).results().count() >= workers ? "" : null);
  }

  private String firstMatch(Child master) {
    Matcher matcher = MASTER_URL.matcher(read(master.log));
    return matcher.find() ? matcher.group(1) : null;
  }

  private Child startChild(String name, Path log4j, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + jvmOptions());
    command.addAll(List.of("-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.add("-Dlog4j2.configurationFile=" + log4j.toUri());
    command.addAll(List.of("-cp", String.join(File.pathSeparator, classPath)));
    command.addAll(arguments);

    Path log = logs.resolve(name + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(variable -> variable.startsWith("SPARK_"));
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("SPARK_HOME", home.toString());
    environment.put("SPARK_SCALA_VERSION", "2.13");
    environment.put("SPARK_LOCAL_IP", "127.0.0.1");
    environment.put("SPARK_LOCAL_DIRS", home.resolve("local-" + name).toString());
    Child child = new Child(name, builder.start(), log);
    children.add(child);
    return child;
  }

  /** Polls until {@code ready} gives a value, failing as soon as any child has ended. */
  private String await(String what, Child reporter, Supplier<String> ready) {
    long deadline = System.nanoTime() + START_DEADLINE.toNanos();
    while (true) {
      String value = ready.get();
      if (value != null) {
        return value;
      }
      for (Child child : children) {
        if (!child.process.isAlive()) {
          throw failure(child.name + " ended with exit code " + child.process.exitValue(), child);
        }
      }
      if (System.nanoTime() > deadline) {
        throw failure("waited " + START_DEADLINE.toSeconds() + " s for " + what, reporter);
      }
      try {
        TimeUnit.MILLISECONDS.sleep(50);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while waiting for " + what, e);
      }
    }
  }

  private static IllegalStateException failure(String problem, Child child) {
    List<String> lines = read(child.log).lines().toList();
    String tail =
        lines.stream()
            .skip(Math.max(0, lines.size() - LOG_TAIL_LINES))
            .collect(Collectors.joining("\n"));
    return new IllegalStateException(
        "the standalone cluster did not start: "
            + problem
            + "; end of "
            + child.log
            + ":\n"
            + tail);
  }

  /** Spark's launcher builds an executor's class path from the jars of {@code SPARK_HOME/jars}. */
  private void linkJars() throws IOException {
    Path jars = Files.createDirectories(home.resolve("jars"));
    int index = 0;
    for (String entry : classPath) {
      Path jar = Path.of(entry).toAbsolutePath();
      if (Files.isRegularFile(jar)) {
        Files.createSymbolicLink(jars.resolve(index++ + "-" + jar.getFileName()), jar);
      }
    }
  }

  /** A file, as a command line would show the secret to every user of the machine. */
  private Path writeProperties() throws IOException {
    return Files.writeString(
        home.resolve("cluster.properties"),
        """
        spark.authenticate true
        spark.authenticate.secret %s
        spark.master.rest.enabled false
        """
            .formatted(secret));
  }

  /** Own logging, as the events that {@link #await} reads must be there whatever a test sets. */
  private Path writeLoggingConfiguration() throws IOException {
    return Files.writeString(
        home.resolve("log4j2.properties"),
        """
        rootLogger.level = info
        rootLogger.appenderRef.console.ref = console
        appender.console.type = Console
        appender.console.name = console
        appender.console.layout.type = PatternLayout
        appender.console.layout.pattern = %d{HH:mm:ss.SSS} %p %c{1}: %m%n%ex
        """);
  }

  private static List<String> ownClassPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(entry -> !entry.isEmpty())
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .toList();
  }

  /** The folders of classes under test; jars reach the executors through {@link #linkJars}. */
  private List<String> classFolders() {
    return classPath.stream().filter(entry -> Files.isDirectory(Path.of(entry))).toList();
  }

  private static Path jvmOptions() {
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      Path options = folder.resolve("bin").resolve("spark-jvm.options");
      if (Files.exists(options)) {
        return options;
      }
    }
    throw new IllegalStateException(
        "no bin/spark-jvm.options in or above " + Path.of("").toAbsolutePath());
  }

  private static String read(Path log) {
    try {
      return Files.readString(log, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    endChildren();
    try {
      Runtime.getRuntime().removeShutdownHook(shutdownHook);
    } catch (IllegalStateException e) {
      // The JVM is already shutting down, so the hook runs by itself.
    }
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void endChildren() {
    List<ProcessHandle> ending = new ArrayList<>();
    for (Child child : children) {
      // Descendants first: once their parent is gone nothing links an executor to this cluster.
      List<ProcessHandle> executors = child.process.descendants().toList();
      ending.add(child.process.toHandle());
      ending.addAll(executors);
    }
    ending.forEach(ProcessHandle::destroyForcibly);
    for (ProcessHandle process : ending) {
      process.onExit().orTimeout(EXIT_DEADLINE.toSeconds(), TimeUnit.SECONDS).join();
    }
  }
}
