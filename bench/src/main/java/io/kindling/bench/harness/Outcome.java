package io.kindling.bench.harness;

import io.kindling.bench.model.Case;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * A case, measured on both sides in every round.
 *
 * @param floor the least time in nanoseconds, 0 where there is none
 */
public record Outcome(Case measured, List<Measurement> ours, List<Measurement> peer, double floor) {
  public Outcome {
    ours = List.copyOf(ours);
    peer = List.copyOf(peer);
  }

  /** The median over the rounds, in nanoseconds. */
  double oursMedian() {
    return median(ours, Measurement::median);
  }

  double peerMedian() {
    return median(peer, Measurement::median);
  }

  /** Below 1 ours is faster. */
  double ratio() {
    return oursMedian() / peerMedian();
  }

  /** Of processor time: steadier than the clock's where other processes take the cores away. */
  double processorRatio() {
    return median(ours, Measurement::processorTime) / median(peer, Measurement::processorTime);
  }

  /** The ratio of each round, lowest first. */
  double[] ratios() {
    double[] ratios = new double[ours.size()];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = ours.get(i).median() / peer.get(i).median();
    }
    Arrays.sort(ratios);
    return ratios;
  }

  /** The smallest part of the cores it was given that a process really had. */
  double leastCores() {
    return Math.min(
        ours.stream().mapToDouble(Measurement::cores).min().orElse(0),
        peer.stream().mapToDouble(Measurement::cores).min().orElse(0));
  }

  private static double median(List<Measurement> rounds, ToDoubleFunction<Measurement> value) {
    double[] sorted = rounds.stream().mapToDouble(value).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
