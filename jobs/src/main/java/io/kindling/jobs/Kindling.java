package io.kindling.jobs;

import io.kindling.KindlingException;
import io.kindling.jobs.conf.YamlOptions;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line's entry, for {@code bin/kindling} and for {@code spark-submit --class}. */
@Command(
    name = "kindling",
    description = "Deep learning inside Apache Spark.",
    mixinStandardHelpOptions = true,
    versionProvider = InfoJob.Version.class,
    subcommands = {QuickstartJob.class, TrainJob.class, PredictJob.class, InfoJob.class},
    synopsisSubcommandLabel = "COMMAND")
public final class Kindling {
  /** With this system property set to true, a failure is shown with its stack. */
  public static final String STACK_TRACE_PROPERTY = "kindling.stacktrace";

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
    PrintWriter err = command.getErr();
    err.println("kindling: " + wrongOption(failure, command));
    err.println(
        "see '"
            + command.getCommandSpec().qualifiedName()
            + " --help' for all options and commands");
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  private static String wrongOption(ParameterException failure, CommandLine command) {
    // A misspelt option also makes the one that was meant missing; the cause comes first.
    if (!command.getUnmatchedArguments().isEmpty()) {
      UnmatchedArgumentException unmatched =
          new UnmatchedArgumentException(command, command.getUnmatchedArguments());
      List<String> similar = unmatched.getSuggestions();
      return "'"
          + unmatched.getUnmatched().get(0)
          + "' is no option or command here"
          + (similar.isEmpty() ? "" : "; did you mean " + String.join(" or ", similar) + "?");
    }
    if (command.getCommand() instanceof Kindling) {
      return "no command was given; give one of "
          + String.join(", ", command.getSubcommands().keySet());
    }
    return failure.getMessage();
  }

  /** One line about what went wrong; with -Dkindling.stacktrace=true also where. */
  private static int explain(
      Exception failure, CommandLine command, CommandLine.ParseResult ignored) {
    command.getErr().println("kindling: " + message(failure));
    if (Boolean.getBoolean(STACK_TRACE_PROPERTY)) {
      failure.printStackTrace(command.getErr());
    }
    return command.getCommandSpec().exitCodeOnExecutionException();
  }

  /** Kindling's own message where there is one, else the first line of the failure's. */
  private static String message(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof KindlingException) {
        return cause.getMessage();
      }
    }
    return JobException.reason(failure)
        + " (KINDLING_JAVA_OPTS=-D"
        + STACK_TRACE_PROPERTY
        + "=true shows where)";
  }
}
