package io.kindling.bench.harness;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kindling.bench.model.StepCase;
import io.kindling.bench.model.Unit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The table that a person reads and the JSON that a machine does. */
public final class Report {
  private static final String COLUMNS = "%-8s %-30s %14s %14s %6s %13s %9s %14s %7s%s%n";

  private Report() {}

  public static String heading() {
    return String.format(
        Locale.ROOT,
        COLUMNS,
        "suite",
        "case",
        "ours",
        "peer",
        "ratio",
        "of the rounds",
        "CPU ratio",
        "floor",
        "x floor",
        "");
  }

  /**
   * One line, PyTorch's time and ratio behind it; {@code *} marks a case in which other processes
   * used the cores.
   */
  public static String line(Outcome outcome) {
    Unit unit = outcome.measured().unit();
    double[] ratios = outcome.ratios();
    int disturbed = outcome.disturbedRounds();
    return String.format(
        Locale.ROOT,
        COLUMNS,
        outcome.measured().suite(),
        outcome.measured().name(),
        unit.format(outcome.oursMedian()),
        unit.format(outcome.peerMedian()),
        number(outcome.ratio()),
        number(ratios[0]) + "-" + number(ratios[ratios.length - 1]),
        number(outcome.processorRatio()),
        outcome.floor() == 0 ? "-" : unit.format(outcome.floor()),
        number(outcome.timesTheFloor()),
        pytorch(outcome) + (disturbed == 0 ? "" : " * " + disturbed + " of " + ratios.length));
  }

  /** The geometric means of the suites' ratios. */
  public static String means(List<Outcome> outcomes) {
    Map<String, List<Outcome>> suites = new LinkedHashMap<>();
    for (Outcome outcome : outcomes) {
      if (!(outcome.measured() instanceof StepCase)) {
        continue; // different units, for which a mean says nothing
      }
      suites.computeIfAbsent(outcome.measured().suite(), name -> new ArrayList<>()).add(outcome);
    }
    StringBuilder text = new StringBuilder();
    suites.forEach(
        (suite, members) ->
            text.append(
                String.format(
                    Locale.ROOT,
                    "%-8s geometric mean of the ratios %.2f, of processor time %.2f%n",
                    suite,
                    mean(members.stream().mapToDouble(Outcome::ratio).toArray()),
                    mean(members.stream().mapToDouble(Outcome::processorRatio).toArray()))));
    if (outcomes.stream().anyMatch(outcome -> outcome.disturbedRounds() > 0)) {
      text.append(
          String.format(
              "* in so many rounds others used the same cores; the CPU ratio is steadier then%n"));
    }
    return text.toString();
  }

  /**
   * Writes an array of {@code {suite, case, ours, peer, ratio, floor, unit}}. A case that PyTorch
   * did in Python as well has a second row, {@code NAME (PyTorch)}.
   */
  public static void write(Path file, List<Outcome> outcomes) throws IOException {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      String name = outcome.measured().name();
      rows.add(row(outcome, name, outcome.peerMedian(), outcome.ratio()));
      if (!outcome.pytorch().isEmpty()) {
        rows.add(
            row(outcome, name + " (PyTorch)", outcome.pytorchMedian(), outcome.pytorchRatio()));
      }
    }
    JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValue(file.toFile(), rows);
  }

  private static Map<String, Object> row(Outcome outcome, String name, double peer, double ratio) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("suite", outcome.measured().suite());
    row.put("case", name);
    row.put("ours", outcome.oursMedian());
    row.put("peer", peer);
    row.put("ratio", ratio);
    row.put("floor", outcome.floor() == 0 ? null : outcome.floor());
    row.put("unit", outcome.measured().unit().label());
    return row;
  }

  private static double mean(double[] ratios) {
    double logarithms = 0;
    for (double ratio : ratios) {
      logarithms += Math.log(ratio);
    }
    return Math.exp(logarithms / ratios.length);
  }

  private static String pytorch(Outcome outcome) {
    return outcome.pytorch().isEmpty()
        ? ""
        : String.format(
            "  PyTorch %s, ratio %s",
            outcome.measured().unit().format(outcome.pytorchMedian()),
            number(outcome.pytorchRatio()));
  }

  private static String number(double ratio) {
    if (Double.isNaN(ratio)) {
      return "-";
    }
    return String.format(Locale.ROOT, ratio >= 100 ? "%.0f" : "%.2f", ratio);
  }
}
