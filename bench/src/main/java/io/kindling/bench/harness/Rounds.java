package io.kindling.bench.harness;

import io.kindling.bench.BenchException;
import io.kindling.bench.model.Case;
import io.kindling.bench.model.FeedCase;
import io.kindling.bench.model.Format;
import io.kindling.bench.model.MemoryCase;
import io.kindling.bench.model.NetworkCase;
import io.kindling.bench.model.SparkCase;
import io.kindling.bench.model.StepCase;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Lets the sides take turns, each time in a new process. */
public final class Rounds {
  /** How far above its threads a process's use of processors may lie. */
  private static final double TOLERATED_CORES = 1.1;

  /** How far the sides' results may lie apart: float32 sums in different orders. */
  private static final double TOLERATED_DIFFERENCE = 2e-3;

  private final Settings settings;
  private final PinnedProcess processes;
  private final Python python;

  /** What was found of several cases at once. */
  private final Map<SparkCase.Application, List<Comparison>> applications =
      new EnumMap<>(SparkCase.Application.class);

  private final Map<NetworkCase, Map<Side, List<MemoryWorker.Peaks>>> peaks = new HashMap<>();

  /**
   * @param python the interpreter that has PyTorch; null for two sides only
   */
  public Rounds(Settings settings, Python python) {
    this.settings = settings;
    this.python = python;
    this.processes = new PinnedProcess(settings.threads());
  }

  /** Whether processes are held to their cores. */
  public boolean arePinned() {
    return processes.isPinned();
  }

  /** What the machine can do at best. */
  public Floors floors() {
    Floors first = floorsOnce();
    return first.best(floorsOnce());
  }

  private Floors floorsOnce() {
    return processes.run(
        Jvm.STEPS, settings.threads(), FloorWorker.class, Floors.class, settings.threads());
  }

  /**
   * Measures a case.
   *
   * @throws BenchException if the sides do not compute the same, or used more than their threads
   */
  public Outcome measure(Case one, Floors floors) {
    Map<Side, List<Measurement>> sides;
    if (one instanceof StepCase step) {
      sides = steps(step);
    } else if (one instanceof MemoryCase memory) {
      sides = memory(memory);
    } else {
      sides = one instanceof FeedCase feed ? feed(feed) : spark((SparkCase) one);
    }
    sides.forEach((side, rounds) -> rounds.forEach(round -> checkCores(one, side, round)));
    double ours = sides.get(Side.OURS).get(0).check();
    sides.forEach((side, rounds) -> checkSame(one, ours, side, rounds.get(0).check()));
    return new Outcome(
        one,
        sides.get(Side.OURS),
        sides.get(Side.PEER),
        sides.getOrDefault(Side.PYTORCH, List.of()),
        floors.of(one));
  }

  private Map<Side, List<Measurement>> steps(StepCase one) {
    List<Side> sides = python == null ? List.of(Side.OURS, Side.PEER) : List.of(Side.values());
    return inTurn(
        settings.of(one).rounds(),
        sides,
        one.formats(),
        (side, way) -> side == Side.PYTORCH ? inPython(one, way) : inJava(one, side, way),
        measurement -> measurement);
  }

  private Measurement inJava(StepCase one, Side side, Way way) {
    return processes.run(
        Jvm.STEPS,
        way.blasThreads(),
        Worker.class,
        Measurement.class,
        side,
        one.suite(),
        one.name(),
        way.format(),
        settings.threads(),
        settings.of(one).warmUpSeconds(),
        settings.of(one).seconds());
  }

  private Measurement inPython(StepCase one, Way way) {
    return processes.run(
        python.command(one, way.format(), settings.of(one)),
        settings.threads(),
        settings.threads(),
        "PyTorch, " + one.name(),
        Measurement.class);
  }

  /** One process a side and round tells both figures of a network. */
  private Map<Side, List<Measurement>> memory(MemoryCase one) {
    Map<Side, List<MemoryWorker.Peaks>> found =
        peaks.computeIfAbsent(
            one.network(),
            network ->
                inTurn(
                    settings.rounds(),
                    List.of(Side.OURS, Side.PEER),
                    network.formats(),
                    (side, way) -> memory(network, side, way),
                    MemoryWorker.Peaks::step));
    Map<Side, List<Measurement>> sides = new EnumMap<>(Side.class);
    found.forEach(
        (side, rounds) ->
            sides.put(
                side,
                rounds.stream()
                    .map(one.whole() ? MemoryWorker.Peaks::whole : MemoryWorker.Peaks::training)
                    .toList()));
    return sides;
  }

  private MemoryWorker.Peaks memory(NetworkCase network, Side side, Way way) {
    return processes.run(
        Jvm.MEMORY,
        way.blasThreads(),
        MemoryWorker.class,
        MemoryWorker.Peaks.class,
        side,
        network.name(),
        way.format(),
        settings.threads(),
        settings.warmUpSeconds());
  }

  /** One application a round, in which both sides have the same DataFrame. */
  private Map<Side, List<Measurement>> spark(SparkCase one) {
    List<Comparison> found =
        applications.computeIfAbsent(
            one.application(),
            application ->
                inApplications(
                    SparkWorker.class,
                    application,
                    settings.threads(),
                    settings.warmUpSeconds(),
                    settings.seconds(),
                    settings.rows(),
                    settings.data()));
    return sides(one, found);
  }

  private Map<Side, List<Measurement>> feed(FeedCase one) {
    return sides(
        one,
        inApplications(
            FeedWorker.class,
            one.name(),
            settings.threads(),
            settings.warmUpSeconds(),
            settings.seconds(),
            settings.rows()));
  }

  private List<Comparison> inApplications(Class<?> main, Object... arguments) {
    List<Comparison> found = new ArrayList<>();
    for (int round = 0; round < settings.rounds(); round++) {
      found.addAll(
          processes.run(Jvm.SPARK, 1, main, Comparison.Found.class, arguments).comparisons());
    }
    return found;
  }

  private Map<Side, List<Measurement>> sides(Case one, List<Comparison> found) {
    List<Comparison> rounds =
        found.stream().filter(each -> each.name().equals(one.name())).toList();
    if (rounds.size() < settings.rounds()) {
      throw new BenchException(
          String.format(
              "%s %s: ours did not come to it in %d of %d rounds: its test accuracy stayed below"
                  + " the peer's",
              one.suite(), one.name(), settings.rounds() - rounds.size(), settings.rounds()));
    }
    return Map.of(
        Side.OURS, rounds.stream().map(Comparison::ours).toList(),
        Side.PEER, rounds.stream().map(Comparison::peer).toList());
  }

  /**
   * Rounds in which the sides take turns. In the first each tries all its ways, and keeps that of
   * its fastest steps.
   *
   * @param process runs one
   * @param steps what it says of its steps
   */
  private <R> Map<Side, List<R>> inTurn(
      int rounds,
      List<Side> sides,
      List<Format> formats,
      BiFunction<Side, Way, R> process,
      Function<R, Measurement> steps) {
    Map<Side, List<R>> found = new EnumMap<>(Side.class);
    Map<Side, Way> best = new EnumMap<>(Side.class);
    for (Side side : sides) {
      R least = null;
      for (Way way : Way.of(side, formats, settings.threads())) {
        R result = process.apply(side, way);
        if (least == null || time(steps.apply(result)) < time(steps.apply(least))) {
          best.put(side, way);
          least = result;
        }
      }
      found.computeIfAbsent(side, any -> new ArrayList<>()).add(least);
    }
    for (int round = 1; round < rounds; round++) {
      best.forEach((side, way) -> found.get(side).add(process.apply(side, way)));
    }
    return found;
  }

  /**
   * What decides between ways: the processor time of one thread, because another process's burst
   * must not; the clock for several, which cost processor time to be fast.
   */
  private double time(Measurement steps) {
    return settings.threads() == 1 ? steps.processorValue() : steps.value();
  }

  private void checkCores(Case one, Side side, Measurement measurement) {
    if (measurement.cores() > settings.threads() * TOLERATED_CORES) {
      throw new BenchException(
          String.format(
              "%s %s: %s used %.2f cores where %d threads were allowed, so its time says nothing;"
                  + " install taskset, which holds it to its cores",
              one.suite(), one.name(), side.label(), measurement.cores(), settings.threads()));
    }
  }

  private static void checkSame(Case one, double ours, Side side, double other) {
    double size = Math.max(Math.abs(ours), Math.abs(other));
    if (!(Math.abs(ours - other) <= TOLERATED_DIFFERENCE * size)) {
      throw new BenchException(
          String.format(
              "%s %s: the sides do not compute the same: ours %s, %s %s; a faster wrong"
                  + " answer is no figure",
              one.suite(), one.name(), ours, side.label(), other));
    }
  }
}
