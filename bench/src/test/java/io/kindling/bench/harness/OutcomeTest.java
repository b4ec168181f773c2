package io.kindling.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kindling.bench.model.SparkCase;
import io.kindling.bench.model.Suites;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutcomeTest {
  private static final Floors FLOORS =
      new Floors(
          100e9,
          List.of(new Floors.Copy(1 << 10, 200e9), new Floors.Copy(1 << 20, 50e9)),
          "kernels");

  private static Measurement took(double median, double processorTime, double others) {
    return new Measurement(median, processorTime, 1, others, 1, 100);
  }

  @Test
  void ratioIsOfTheMediansOfAllRounds() {
    Outcome outcome =
        new Outcome(
            Suites.of("train", "lenet"),
            List.of(took(100, 90, 0), took(900, 90, 0.8), took(120, 90, 0.01)),
            List.of(took(200, 180, 0), took(300, 180, 0), took(240, 180, 0)),
            List.of(),
            0);
    assertThat(outcome.ratio()).isEqualTo(0.5);
    assertThat(outcome.ratios()).containsExactly(0.5, 0.5, 3);
    assertThat(outcome.processorRatio()).isEqualTo(0.5);
    assertThat(outcome.disturbedRounds()).isEqualTo(1);
    assertThat(Report.line(outcome)).contains("0.50-3.00").contains("* 1 of 3");
  }

  @Test
  void floorIsArithmeticOrTrafficWhateverTakesLonger() {
    assertThat(FLOORS.of(Suites.of("ops", "matmul-large")))
        .isCloseTo(2.0 * 1024 * 1024 * 1024 / 100e9 * 1e6, within(1e-6));
    assertThat(FLOORS.of(Suites.of("ops", "relu-medium")))
        .isCloseTo(8.0 * 131_072 / 50e9 * 1e6, within(1e-6));
  }

  @Test
  void smallTensorsAreHeldAgainstCopiesOfTheirSize() {
    assertThat(FLOORS.of(Suites.of("ops", "relu-small")))
        .isCloseTo(8.0 * 1024 / 200e9 * 1e6, within(1e-12));
  }

  @Test
  void floorOfARateIsTheMostRows() {
    SparkCase fit = new SparkCase(SparkCase.Kind.FIT);
    double rows = 100e9 / fit.flops();
    assertThat(FLOORS.of(fit)).isCloseTo(rows, within(1e-6));
    Outcome outcome =
        new Outcome(
            fit, List.of(took(rows / 4, 1, 0)), List.of(took(rows / 8, 1, 0)), List.of(), rows);
    assertThat(outcome.timesTheFloor()).isCloseTo(4, within(1e-9));
    assertThat(outcome.ratio()).isCloseTo(2, within(1e-9));
  }

  @Test
  void bestFloorsTakeTheFasterOfEach() {
    Floors other =
        new Floors(
            90e9,
            List.of(new Floors.Copy(1 << 10, 100e9), new Floors.Copy(1 << 20, 60e9)),
            "kernels");
    assertThat(FLOORS.best(other))
        .isEqualTo(
            new Floors(
                100e9,
                List.of(new Floors.Copy(1 << 10, 200e9), new Floors.Copy(1 << 20, 60e9)),
                "kernels"));
  }

  @Test
  void jsonIsAnArrayOfRows(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("figures.json");
    Outcome outcome =
        new Outcome(
            Suites.of("overhead", "add-mul-sum-backward-16x16"),
            List.of(took(3, 3, 0)),
            List.of(took(24, 24, 0)),
            List.of(),
            0);
    Report.write(file, List.of(outcome));
    JsonNode row = JsonMapper.builder().build().readTree(file.toFile()).get(0);
    assertThat(row.fieldNames())
        .toIterable()
        .containsExactly("suite", "case", "ours", "peer", "ratio", "floor", "unit");
    assertThat(row.get("ours").asDouble()).isEqualTo(3);
    assertThat(row.get("ratio").asDouble()).isEqualTo(0.125);
    assertThat(row.get("floor").isNull()).isTrue();
    assertThat(row.get("unit").asText()).isEqualTo("us");
  }

  @Test
  void pytorchStandsBehindTheLineAndInARowOfItsOwn(@TempDir Path folder) throws IOException {
    Outcome outcome =
        new Outcome(
            Suites.of("infer", "lenet"),
            List.of(took(1500, 1500, 0)),
            List.of(took(3000, 3000, 0)),
            List.of(took(6000, 6000, 0)),
            0);
    assertThat(Report.line(outcome)).contains("PyTorch 6.00 ms, ratio 0.25");
    Path file = folder.resolve("figures.json");
    Report.write(file, List.of(outcome));
    JsonNode rows = JsonMapper.builder().build().readTree(file.toFile());
    assertThat(rows).hasSize(2);
    assertThat(rows.get(1).get("case").asText()).isEqualTo("lenet (PyTorch)");
    assertThat(rows.get(1).get("peer").asDouble()).isEqualTo(6000);
    assertThat(rows.get(1).get("ratio").asDouble()).isEqualTo(0.25);
  }
}
