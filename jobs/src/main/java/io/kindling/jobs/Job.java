package io.kindling.jobs;

import io.kindling.jobs.conf.YamlOptions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A job: options, a Spark session, and what it does with them. */
abstract class Job implements Callable<Integer> {
  @Spec CommandSpec command;

  @Option(
      names = YamlOptions.CONFIG,
      paramLabel = "FILE",
      description = "A YAML file with these options by their long names; flags win over it.")
  Path config;

  @Option(
      names = "--master",
      paramLabel = "URL",
      description =
          "Spark's master, such as local[4] or spark://host:7077; by default what spark-submit"
              + " says, else this machine.")
  String master;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  boolean help;

  /**
   * Looks at the values of options, as far as they can be judged without Spark, which takes seconds
   * to start.
   *
   * @throws JobException naming the option, what it is, and what it could be
   */
  void checkOptions() {}

  /** What the job does; its result goes to {@link #out}. */
  abstract void run(SparkSession spark) throws Exception;

  /** How many tasks must be able to run at the same time, if the master is this machine. */
  int localTasks() {
    return Runtime.getRuntime().availableProcessors();
  }

  @Override
  public Integer call() throws Exception {
    try {
      checkOptions();
    } catch (JobException e) {
      throw new ParameterException(command.commandLine(), e.getMessage(), e);
    }
    try (SparkSession spark = Sessions.open(command.qualifiedName(), master, localTasks())) {
      run(spark);
    }
    return 0;
  }

  PrintWriter out() {
    return command.commandLine().getOut();
  }
}
