package io.kindling.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindling.bench.model.Case;
import io.kindling.bench.model.Suites;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A case of every suite goes through its processes and comes back with figures on which both sides
 * agree. Times are too short to say anything else.
 */
class SmokeTest {
  private static final Settings SHORT = new Settings(1, 1, 0.1, 0.1, 600, "");

  private static final Floors FLOORS =
      new Floors(1e11, List.of(new Floors.Copy(1 << 20, 1e11)), "not measured here");

  @BeforeAll
  static void findTheOptionsOfSpark() {
    System.setProperty("kindling.home", Path.of("..").toAbsolutePath().normalize().toString());
  }

  @ParameterizedTest
  @CsvSource({
    "overhead, add-mul-sum-backward-16x16",
    "infer, perceptron",
    "ops, conv-small",
    "ops, cross-entropy-backward-small",
    "memory, lenet-training",
    "feed, vector",
    "feed, array",
    "feed, number",
    "spark, first-fit",
    "spark, fit",
    "spark, transform"
  })
  void oneCaseOfEverySuite(String suite, String name) {
    Case one = Suites.of(suite, name);
    Outcome outcome = new Rounds(SHORT, null).measure(one, FLOORS);
    assertThat(outcome.ours()).isNotEmpty().allSatisfy(SmokeTest::isFigure);
    assertThat(outcome.peer()).hasSameSizeAs(outcome.ours()).allSatisfy(SmokeTest::isFigure);
    assertThat(outcome.ratio()).isPositive().isFinite();
    assertThat(Report.line(outcome)).startsWith(suite).contains(name);
  }

  @Test
  void pytorchIsAThirdSideWherePythonHasIt() {
    Python python = Python.find().orElse(null);
    for (Case one : List.of(Suites.of("train", "lenet"), Suites.of("ops", "batch-norm-small"))) {
      Outcome outcome = new Rounds(SHORT, python).measure(one, FLOORS);
      assertThat(outcome.ours()).hasSize(1).allSatisfy(SmokeTest::isFigure);
      assertThat(outcome.peer()).hasSize(1).allSatisfy(SmokeTest::isFigure);
      assertThat(outcome.pytorch()).hasSize(python == null ? 0 : 1).allSatisfy(SmokeTest::isFigure);
    }
  }

  private static void isFigure(Measurement measurement) {
    assertThat(measurement.value()).isPositive().isFinite();
    assertThat(measurement.cores()).isPositive();
    assertThat(measurement.samples()).isPositive();
  }
}
