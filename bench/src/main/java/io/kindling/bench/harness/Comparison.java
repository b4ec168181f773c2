package io.kindling.bench.harness;

import io.kindling.bench.model.SparkCase;
import java.util.List;

/** What an application of Spark found about both sides. */
public record Comparison(SparkCase.Kind kind, Measurement ours, Measurement peer) {
  /** All that one application found. */
  public record Found(List<Comparison> comparisons) {
    public Found {
      comparisons = List.copyOf(comparisons);
    }
  }
}
