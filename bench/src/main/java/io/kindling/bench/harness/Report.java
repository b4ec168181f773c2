package io.kindling.bench.harness;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The table that a person reads and the JSON that a machine does. */
public final class Report {
  /** Below this part of its cores a process was held up by others. */
  private static final double DISTURBED = 0.9;

  private static final String COLUMNS = "%-8s %-30s %9s %9s %6s %13s %9s %9s %11s%s%n";

  private Report() {}

  public static String heading() {
    return String.format(
        Locale.ROOT,
        COLUMNS,
        "suite",
        "case",
        "ours",
        "LibTorch",
        "ratio",
        "of the rounds",
        "CPU ratio",
        "floor",
        "ours/floor",
        "");
  }

  /** One line; {@code *} marks a case in which other processes took the cores. */
  public static String line(Outcome outcome, int threads) {
    double[] ratios = outcome.ratios();
    return String.format(
        Locale.ROOT,
        COLUMNS,
        outcome.measured().suite(),
        outcome.measured().name(),
        time(outcome.oursMedian()),
        time(outcome.peerMedian()),
        String.format(Locale.ROOT, "%.2f", outcome.ratio()),
        String.format(Locale.ROOT, "%.2f-%.2f", ratios[0], ratios[ratios.length - 1]),
        String.format(Locale.ROOT, "%.2f", outcome.processorRatio()),
        outcome.floor() == 0 ? "-" : time(outcome.floor()),
        outcome.floor() == 0
            ? "-"
            : String.format(Locale.ROOT, "%.2f", outcome.oursMedian() / outcome.floor()),
        threads == 1 && outcome.leastCores() < DISTURBED ? " *" : "");
  }

  /** The geometric means of the suites' ratios. */
  public static String means(List<Outcome> outcomes) {
    Map<String, List<Outcome>> suites = new LinkedHashMap<>();
    for (Outcome outcome : outcomes) {
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
    if (outcomes.stream().anyMatch(outcome -> outcome.leastCores() < DISTURBED)) {
      text.append(
          String.format(
              "* other processes took the cores away; its CPU ratio is steadier than its ratio%n"));
    }
    return text.toString();
  }

  /** Writes an array of {@code {suite, case, ours, peer, ratio, floor, unit}}. */
  public static void write(Path file, List<Outcome> outcomes) throws IOException {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("suite", outcome.measured().suite());
      row.put("case", outcome.measured().name());
      row.put("ours", outcome.oursMedian() / 1e3);
      row.put("peer", outcome.peerMedian() / 1e3);
      row.put("ratio", outcome.ratio());
      row.put("floor", outcome.floor() == 0 ? null : outcome.floor() / 1e3);
      row.put("unit", "us");
      rows.add(row);
    }
    JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValue(file.toFile(), rows);
  }

  private static double mean(double[] ratios) {
    double logarithms = 0;
    for (double ratio : ratios) {
      logarithms += Math.log(ratio);
    }
    return Math.exp(logarithms / ratios.length);
  }

  private static String time(double nanoseconds) {
    return nanoseconds < 1e6
        ? String.format(Locale.ROOT, "%.2f us", nanoseconds / 1e3)
        : String.format(Locale.ROOT, "%.2f ms", nanoseconds / 1e6);
  }
}
