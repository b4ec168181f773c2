package io.kindling.bench.harness;

import io.kindling.bench.BenchException;
import io.kindling.bench.model.Case;
import io.kindling.bench.model.Format;
import io.kindling.bench.model.SparkCase;
import io.kindling.bench.model.StepCase;
import io.kindling.bench.spark.ImageTable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Lets both sides take turns, each time in a new process. */
public final class Rounds {
  /** How far above its threads a process's use of processors may lie. */
  private static final double TOLERATED_CORES = 1.1;

  /** How far the sides' results may lie apart: float32 sums in different orders. */
  private static final double TOLERATED_DIFFERENCE = 2e-3;

  private final Settings settings;
  private final PinnedProcess processes;

  /** What applications of Spark found so far, by what they were started for. */
  private final Map<SparkCase.Kind, List<Comparison>> applications =
      new EnumMap<>(SparkCase.Kind.class);

  public Rounds(Settings settings) {
    this.settings = settings;
    this.processes = new PinnedProcess(settings.threads());
  }

  /** Whether processes are held to their cores. */
  public boolean arePinned() {
    return processes.isPinned();
  }

  /** What the machine can do at best. */
  public Floors floors() {
    Floors first = processes.run(FloorWorker.class, Floors.class, settings.threads());
    return first.best(processes.run(FloorWorker.class, Floors.class, settings.threads()));
  }

  /**
   * Measures a case.
   *
   * @throws BenchException if the sides do not compute the same, or used more than their threads
   */
  public Outcome measure(Case one, Floors floors) {
    return one instanceof SparkCase spark
        ? compare(spark, floors)
        : measure((StepCase) one, floors);
  }

  /** One application a round, in which both sides have the same DataFrame. */
  private Outcome compare(SparkCase one, Floors floors) {
    if (!applications.containsKey(one.kind())) {
      for (int round = 0; round < settings.rounds(); round++) {
        Comparison.Found found =
            processes.runSpark(
                SparkWorker.class,
                Comparison.Found.class,
                one.kind(),
                settings.threads(),
                settings.warmUpSeconds(),
                settings.seconds(),
                ImageTable.ROWS,
                settings.data());
        found
            .comparisons()
            .forEach(
                each ->
                    applications.computeIfAbsent(each.kind(), k -> new ArrayList<>()).add(each));
      }
    }
    List<Comparison> rounds = applications.get(one.kind());
    return new Outcome(
        one,
        rounds.stream().map(Comparison::ours).toList(),
        rounds.stream().map(Comparison::peer).toList(),
        floors.of(one));
  }

  private Outcome measure(StepCase one, Floors floors) {
    List<Measurement> ours = new ArrayList<>();
    List<Measurement> peer = new ArrayList<>();
    Format oursBest = fastest(one, Side.OURS, ours);
    Format peerBest = fastest(one, Side.PEER, peer);
    for (int round = 1; round < settings.rounds(); round++) {
      ours.add(measure(one, Side.OURS, oursBest));
      peer.add(measure(one, Side.PEER, peerBest));
    }
    checkSame(one, ours.get(0).check(), peer.get(0).check());
    return new Outcome(one, ours, peer, floors.of(one));
  }

  /** The order in memory that suits this side, and what was measured with it. */
  private Format fastest(StepCase one, Side side, List<Measurement> rounds) {
    Format best = null;
    Measurement least = null;
    for (Format format : one.formats()) {
      Measurement measurement = measure(one, side, format);
      // Processor time decides, because another process's burst must not.
      if (least == null || measurement.processorValue() < least.processorValue()) {
        best = format;
        least = measurement;
      }
    }
    rounds.add(least);
    return best;
  }

  private Measurement measure(StepCase one, Side side, Format format) {
    Measurement measurement =
        processes.run(
            Worker.class,
            Measurement.class,
            side,
            one.suite(),
            one.name(),
            format,
            settings.threads(),
            settings.warmUpSeconds(),
            settings.seconds());
    if (measurement.cores() > settings.threads() * TOLERATED_CORES) {
      throw new BenchException(
          String.format(
              "%s %s: %s used %.2f cores where %d threads were allowed, so its time says nothing;"
                  + " install taskset, which holds it to its cores",
              one.suite(), one.name(), side, measurement.cores(), settings.threads()));
    }
    return measurement;
  }

  private static void checkSame(Case one, double ours, double peer) {
    double size = Math.max(Math.abs(ours), Math.abs(peer));
    if (!(Math.abs(ours - peer) <= TOLERATED_DIFFERENCE * size)) {
      throw new BenchException(
          String.format(
              "%s %s: the sides do not compute the same: ours %s, LibTorch %s; a faster wrong"
                  + " answer is no figure",
              one.suite(), one.name(), ours, peer));
    }
  }
}
