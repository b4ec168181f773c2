package io.kindling.bench.harness;

import io.kindling.bench.model.SparkCase;
import io.kindling.bench.spark.Classifiers;
import io.kindling.bench.spark.Classifiers.Learner;
import io.kindling.bench.spark.ImageTable;
import io.kindling.bench.spark.LocalSession;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.ml.Transformer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The application in which both sides learn and predict the same cached DataFrame, one after the
 * other.
 */
public final class SparkWorker {
  /** Iterations of L-BFGS, and as many epochs. */
  private static final int PASSES = 10;

  /** How often each side has its turn in an application. */
  private static final int TURNS = 2;

  /** Rows of a fit whose model is not looked at. */
  private static final int FEW = 1000;

  private final Dataset<Row> train;
  private final Dataset<Row> test;
  private final Learner ours;
  private final Learner peer;

  private SparkWorker(Dataset<Row> train, Dataset<Row> test, Learner ours, Learner peer) {
    this.train = train;
    this.test = test;
    this.ours = ours;
    this.peer = peer;
  }

  /**
   * @param arguments what to compare, threads, seconds of warm-up, seconds to time, rows, folder of
   *     the data or nothing
   */
  public static void main(String[] arguments) throws IOException {
    SparkCase.Application application = SparkCase.Application.valueOf(arguments[0]);
    int threads = Integer.parseInt(arguments[1]);
    double warmUp = Double.parseDouble(arguments[2]);
    double seconds = Double.parseDouble(arguments[3]);
    int rows = Integer.parseInt(arguments[4]);
    try (SparkSession spark = LocalSession.open(threads)) {
      ImageTable images = new ImageTable(spark, arguments[5], threads);
      SparkWorker worker =
          new SparkWorker(
              LocalSession.cached(images.train(rows)),
              LocalSession.cached(images.test(rows / 6)),
              Classifiers.ours(threads),
              Classifiers.peer());
      PinnedProcess.answer(
          new Comparison.Found(
              application == SparkCase.Application.TRANSFORM
                  ? List.of(worker.transforms(warmUp, seconds))
                  : worker.fits(warmUp)));
    }
  }

  private static String name(SparkCase.Kind kind) {
    return new SparkCase(kind).name();
  }

  private List<Comparison> fits(double warmUp) {
    Fit peersFirst = firstOfWarmUp(peer, warmUp);
    Fit oursFirst = firstOfWarmUp(ours, warmUp);
    double rows = PASSES * (double) train.count();
    List<Comparison> found = new ArrayList<>();
    found.add(
        new Comparison(
            name(SparkCase.Kind.FIRST_FIT), oursFirst.rate(rows), peersFirst.rate(rows)));
    Fit peers = inTurns(rows, found);
    double peersAccuracy = accuracy(peers.model);
    Optional<Fit> fewest = fewestEpochs(peersAccuracy);
    Fit judged = fewest.orElseGet(() -> fit(ours, PASSES));
    found.add(
        new Comparison(
            name(SparkCase.Kind.ACCURACY),
            judged.figure(100 * accuracy(judged.model)),
            peers.figure(100 * peersAccuracy)));
    fewest.ifPresent(
        fit ->
            found.add(
                new Comparison(
                    name(SparkCase.Kind.TIME_TO_ACCURACY),
                    fit.figure(fit.seconds),
                    peers.figure(peers.seconds))));
    return found;
  }

  /**
   * Warm fits of both sides, each timed for as long as the other: a short fit alone tells what the
   * machine's other users did in its few seconds, a long one their mean.
   *
   * @param found gets a comparison a turn
   * @return the peer's last
   */
  private Fit inTurns(double rows, List<Comparison> found) {
    Fit peers = null;
    for (int turn = 0; turn < TURNS; turn++) {
      peers = fit(peer, PASSES);
      found.add(
          new Comparison(
              name(SparkCase.Kind.FIT), rate(ours, rows, peers.seconds), peers.rate(rows)));
    }
    return peers;
  }

  /** Rows a second of fits one after the other. */
  private Measurement rate(Learner learner, double rows, double seconds) {
    Cores.Watch watch = Cores.watch();
    long fits = 0;
    do {
      learner.fit(train, PASSES);
      fits++;
    } while (watch.clockTime() < seconds * 1e9);
    double all = fits * rows;
    return watch.measurement(
        all / (watch.clockTime() / 1e9), all / (watch.processorTime() / 1e9), 0, fits);
  }

  /** Ours with the fewest epochs that predicts as well as the peer; each number a new fit. */
  private Optional<Fit> fewestEpochs(double accuracy) {
    for (int epochs = 1; epochs <= PASSES; epochs++) {
      Fit fit = fit(ours, epochs);
      if (accuracy(fit.model) >= accuracy) {
        return Optional.of(fit);
      }
    }
    return Optional.empty();
  }

  /** Whole fits until the JVM has done with them; the first has its code loaded and compiled. */
  private Fit firstOfWarmUp(Learner learner, double warmUp) {
    List<Fit> fits = new ArrayList<>();
    WarmUp.run(() -> fits.add(fit(learner, PASSES)), warmUp);
    return fits.get(0);
  }

  private Fit fit(Learner learner, int passes) {
    Cores.Watch watch = Cores.watch();
    Transformer model = learner.fit(train, passes);
    return new Fit(
        model, watch.clockTime() / 1e9, watch.processorTime() / 1e9, watch.measurement(0, 0, 0, 1));
  }

  private double accuracy(Transformer model) {
    return model.transform(test).where("prediction = label").count() / (double) test.count();
  }

  private Comparison transforms(double warmUp, double seconds) {
    Dataset<Row> few = train.where("id < " + FEW);
    return new Comparison(
        name(SparkCase.Kind.TRANSFORM),
        transform(ours.fit(few, 1), warmUp, seconds),
        transform(peer.fit(few, 1), warmUp, seconds));
  }

  private Measurement transform(Transformer model, double warmUp, double seconds) {
    return Passes.rate(
        () -> drain(model.transform(test)),
        warmUp,
        () -> drain(model.transform(train)),
        seconds,
        train.count(),
        0);
  }

  /** Computes every column of every row. */
  private static void drain(Dataset<Row> rows) {
    rows.write().format("noop").mode("overwrite").save();
  }

  /** A model and what it took; {@code measurement} says how busy the cores were. */
  private record Fit(
      Transformer model, double seconds, double processorSeconds, Measurement measurement) {
    Measurement rate(double rows) {
      return figure(rows / seconds, rows / processorSeconds);
    }

    Measurement figure(double value) {
      return figure(value, Double.NaN);
    }

    private Measurement figure(double value, double byProcessor) {
      return new Measurement(
          value, byProcessor, measurement.cores(), measurement.othersCores(), 0, 1);
    }
  }
}
