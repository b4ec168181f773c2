package io.kindling.bench.model;

import java.util.Locale;

/** What figures are given in. */
public enum Unit {
  MICROSECONDS("us"),
  SECONDS("s"),
  MEBIBYTES("MiB"),
  ROWS_PER_SECOND("rows/s"),
  PERCENT("%");

  private final String label;

  Unit(String label) {
    this.label = label;
  }

  /** As JSON has it. */
  public String label() {
    return label;
  }

  /** Whether a larger figure is the better one. */
  public boolean isMoreBetter() {
    return switch (this) {
      case MICROSECONDS, SECONDS, MEBIBYTES -> false;
      case ROWS_PER_SECOND, PERCENT -> true;
    };
  }

  /** A figure as a person reads it, about four digits. */
  public String format(double value) {
    if (this == MICROSECONDS && value >= 1e3) {
      return String.format(Locale.ROOT, "%.2f ms", value / 1e3);
    }
    return String.format(Locale.ROOT, value >= 1e3 ? "%.0f %s" : "%.2f %s", value, label);
  }
}
