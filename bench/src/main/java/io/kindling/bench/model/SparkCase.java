package io.kindling.bench.model;

import java.util.Locale;

/**
 * Kindling's classifier beside Spark ML's own perceptron: one application, one DataFrame of 60,000
 * images, layers of 784, 512, 256 and 10.
 */
public record SparkCase(Kind kind) implements Case {
  /** What an application does, from which several cases follow. */
  public enum Application {
    FIT,
    TRANSFORM
  }

  /** What is compared. */
  public enum Kind {
    /**
     * Rows times epochs, or times iterations of L-BFGS, over the time of the side's first {@code
     * fit} in the application.
     */
    FIRST_FIT(Unit.ROWS_PER_SECOND),
    /**
     * As {@link #FIRST_FIT}, once the JVM has done with compiling, of as many fits as take the time
     * of the peer's one.
     */
    FIT(Unit.ROWS_PER_SECOND),
    /** Of the test rows, after the fits that {@link #TIME_TO_ACCURACY} is of. */
    ACCURACY(Unit.PERCENT),
    /** The peer's time of {@code fit}; ours of the shortest that predicts test rows as well. */
    TIME_TO_ACCURACY(Unit.SECONDS),
    /** All rows with all their output columns, which nobody takes. */
    TRANSFORM(Unit.ROWS_PER_SECOND);

    private final Unit unit;

    Kind(Unit unit) {
      this.unit = unit;
    }
  }

  /** The application that finds it out. */
  public Application application() {
    return kind == Kind.TRANSFORM ? Application.TRANSFORM : Application.FIT;
  }

  @Override
  public String suite() {
    return "spark";
  }

  @Override
  public String name() {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Override
  public Unit unit() {
    return kind.unit;
  }

  /** Of a row. */
  @Override
  public double flops() {
    return switch (kind) {
      case FIRST_FIT, FIT -> perceptron("train").flops() / perceptron("train").batch();
      case TRANSFORM -> perceptron("infer").flops() / perceptron("infer").batch();
      case ACCURACY, TIME_TO_ACCURACY -> 0;
    };
  }

  @Override
  public double bytes() {
    return 0;
  }

  private static NetworkCase perceptron(String suite) {
    return (NetworkCase) Suites.of(suite, "perceptron");
  }
}
