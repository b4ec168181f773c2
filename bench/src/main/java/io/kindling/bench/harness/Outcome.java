package io.kindling.bench.harness;

import io.kindling.bench.model.Case;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * A case, measured on both sides in every round. Figures are in the case's unit.
 *
 * @param pytorch nothing where Python has no PyTorch, or no such case
 * @param floor the least time or the most rows, 0 where there is none
 */
public record Outcome(
    Case measured,
    List<Measurement> ours,
    List<Measurement> peer,
    List<Measurement> pytorch,
    double floor) {
  /** Others used more than this part of a core: the round is marked. */
  private static final double DISTURBED = 0.05;

  public Outcome {
    ours = List.copyOf(ours);
    peer = List.copyOf(peer);
    pytorch = List.copyOf(pytorch);
  }

  /** The median over the rounds. */
  double oursMedian() {
    return median(ours, Measurement::value);
  }

  double peerMedian() {
    return median(peer, Measurement::value);
  }

  /** NaN where it was not measured. */
  double pytorchMedian() {
    return pytorch.isEmpty() ? Double.NaN : median(pytorch, Measurement::value);
  }

  /** Ours over the peer's: whether below 1 is better depends on the unit. */
  double ratio() {
    return oursMedian() / peerMedian();
  }

  /** Ours over PyTorch's in Python; NaN where that was not measured. */
  double pytorchRatio() {
    return oursMedian() / pytorchMedian();
  }

  /** By processor time: steadier than the clock's where others take the cores away. */
  double processorRatio() {
    return median(ours, Measurement::processorValue) / median(peer, Measurement::processorValue);
  }

  /** The ratio of each round, lowest first. */
  double[] ratios() {
    double[] ratios = new double[ours.size()];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = ours.get(i).value() / peer.get(i).value();
    }
    Arrays.sort(ratios);
    return ratios;
  }

  /** How many times the floor's time ours takes; NaN where there is no floor. */
  double timesTheFloor() {
    if (floor == 0) {
      return Double.NaN;
    }
    return measured.unit().isMoreBetter() ? floor / oursMedian() : oursMedian() / floor;
  }

  /** In how many rounds other processes used the cores of a side. */
  int disturbedRounds() {
    int disturbed = 0;
    for (int i = 0; i < ours.size(); i++) {
      disturbed += isDisturbed(ours, i) || isDisturbed(peer, i) || isDisturbed(pytorch, i) ? 1 : 0;
    }
    return disturbed;
  }

  private static boolean isDisturbed(List<Measurement> side, int round) {
    return round < side.size() && side.get(round).othersCores() > DISTURBED;
  }

  private static double median(List<Measurement> rounds, ToDoubleFunction<Measurement> value) {
    double[] sorted = rounds.stream().mapToDouble(value).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
