package io.kindling.bench;

import io.kindling.KindlingException;
import io.kindling.bench.harness.Floors;
import io.kindling.bench.harness.Machine;
import io.kindling.bench.harness.Outcome;
import io.kindling.bench.harness.Python;
import io.kindling.bench.harness.Report;
import io.kindling.bench.harness.Rounds;
import io.kindling.bench.harness.Settings;
import io.kindling.bench.model.Case;
import io.kindling.bench.model.Suites;
import io.kindling.bench.spark.ImageTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures Kindling beside its peers and prints a table. */
@Command(
    name = "kindling bench",
    description = "Measure Kindling beside LibTorch and Spark ML on this machine's CPU.")
public final class Bench implements Callable<Integer> {
  private static final Settings FULL = new Settings(1, 5, 4, 3, ImageTable.ROWS, "");
  private static final Settings QUICK = new Settings(1, 2, 4, 1.5, ImageTable.ROWS, "");

  @Spec private CommandSpec command;

  @Parameters(
      arity = "0..1",
      paramLabel = "suite",
      description = "One of ${COMPLETION-CANDIDATES}; all if left out.",
      completionCandidates = SuiteNames.class)
  private String suite;

  @Option(
      names = "--case",
      paramLabel = "NAME",
      description = "Only the cases of this name, or whose names begin with it and a hyphen.")
  private String only;

  @Option(names = "--json", description = "Write the figures to this file as well.")
  private Path json;

  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      description =
          "Fashion-MNIST's four files, for the suite spark; without them it makes images up.")
  private Path data;

  @Option(
      names = "--threads",
      description = "Threads, and cores, of each process (default ${DEFAULT-VALUE}).",
      defaultValue = "1")
  private int threads;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  boolean help;

  @Option(names = "--quick", description = "Few and short rounds: to try, not to quote.")
  private boolean quick;

  /** For the help text. */
  static final class SuiteNames extends ArrayList<String> {
    SuiteNames() {
      super(Suites.names());
    }
  }

  public static void main(String[] arguments) {
    int code =
        new CommandLine(new Bench())
            .setExecutionExceptionHandler(
                (failure, line, parsed) -> {
                  if (!(failure instanceof KindlingException)) {
                    throw failure;
                  }
                  line.getErr().println("kindling: " + failure.getMessage());
                  return 1;
                })
            .execute(arguments);
    System.exit(code);
  }

  private static boolean isOf(String name, String only) {
    return name.equals(only) || name.startsWith(only + "-");
  }

  @Override
  public Integer call() throws IOException {
    PrintWriter out = command.commandLine().getOut();
    List<Case> cases =
        Suites.of(suite).stream().filter(one -> only == null || isOf(one.name(), only)).toList();
    if (cases.isEmpty()) {
      throw new BenchException("no case is called '" + only + "'; leave --case out to see all");
    }
    Settings like = quick ? QUICK : FULL;
    Settings settings =
        new Settings(
            threads,
            like.rounds(),
            like.warmUpSeconds(),
            like.seconds(),
            like.rows(),
            data == null ? "" : data.toAbsolutePath().toString());
    double loadBefore = Machine.load();
    Optional<Python> python = Python.find();
    Rounds rounds = new Rounds(settings, python.orElse(null));
    Floors floors = rounds.floors();
    out.print(Machine.describe(floors, settings, rounds.arePinned()));
    out.println(
        python
            .map(found -> "PyTorch " + found.version() + " in Python as well")
            .orElse(
                "no PyTorch beside it: python3 cannot import torch ("
                    + Python.VARIABLE
                    + " names another interpreter)"));
    out.printf(Locale.ROOT, "load before the run %.1f%n%n%s", loadBefore, Report.heading());
    out.flush();
    List<Outcome> outcomes = new ArrayList<>();
    int failed = 0;
    for (Case one : cases) {
      try {
        Outcome outcome = rounds.measure(one, floors);
        outcomes.add(outcome);
        out.print(Report.line(outcome));
      } catch (BenchException e) {
        failed++;
        out.println("rejected: " + e.getMessage());
      }
      out.flush();
    }
    out.print(Report.means(outcomes));
    out.flush();
    if (json != null) {
      Report.write(json, outcomes);
    }
    return failed == 0 ? 0 : 1;
  }
}
