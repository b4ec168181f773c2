package io.kindling.bench.harness;

import java.util.List;

/** What an application of Spark found about both sides of the case {@code name} of its suite. */
public record Comparison(String name, Measurement ours, Measurement peer) {
  /** All that one application found. */
  public record Found(List<Comparison> comparisons) {
    public Found {
      comparisons = List.copyOf(comparisons);
    }
  }
}
