package io.kindling.jobs;

import io.kindling.KindlingException;
import io.kindling.jobs.conf.YamlOptions;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** The command line's entry, for {@code bin/kindling} and for {@code spark-submit --class}. */
@Command(
    name = "kindling",
    description = "Deep learning inside Apache Spark.",
    mixinStandardHelpOptions = true,
    versionProvider = InfoJob.Version.class,
    subcommands = {QuickstartJob.class, TrainJob.class, PredictJob.class, InfoJob.class},
    synopsisSubcommandLabel = "COMMAND")
public final class Kindling {
  public static void main(String[] arguments) {
    int code = commandLine(arguments).execute(arguments);
    if (code != 0) {
      System.exit(code);
    }
  }

  /** A parser for these arguments, which may name a file of defaults. */
  static CommandLine commandLine(String... arguments) {
    CommandLine line = new CommandLine(new Kindling());
    line.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    line.setDefaultValueProvider(YamlOptions.of(arguments));
    line.setParameterExceptionHandler(Kindling::explainOptions);
    line.setExecutionExceptionHandler(Kindling::explain);
    return line;
  }

  /** What is wrong with the options, without the whole of their description. */
  private static int explainOptions(ParameterException failure, String... ignored) {
    CommandLine command = failure.getCommandLine();
    command.getErr().println("kindling: " + failure.getMessage());
    command
        .getErr()
        .println("see '" + command.getCommandSpec().qualifiedName() + " --help' for all options");
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  /** One clear error; the stack only for what nobody foresaw. */
  private static int explain(
      Exception failure, CommandLine command, CommandLine.ParseResult ignored) throws Exception {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof KindlingException) {
        command.getErr().println("kindling: " + cause.getMessage());
        return command.getCommandSpec().exitCodeOnExecutionException();
      }
    }
    throw failure;
  }
}
