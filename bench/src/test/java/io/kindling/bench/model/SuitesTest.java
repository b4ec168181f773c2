package io.kindling.bench.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kindling.bench.BenchException;
import org.junit.jupiter.api.Test;

class SuitesTest {
  @Test
  void perceptronForwardIsThreeMatrixProducts() {
    assertThat(Suites.of("infer", "perceptron").flops())
        .isEqualTo(2.0 * 128 * (784 * 512 + 512 * 256 + 256 * 10));
  }

  @Test
  void trainingAddsGradientsButNoneOfTheFirstInput() {
    assertThat(Suites.of("train", "perceptron").flops())
        .isEqualTo(2.0 * 128 * (2 * 784 * 512 + 3 * (512 * 256 + 256 * 10)));
  }

  @Test
  void lenetFlattensTo400Features() {
    double convolutions = 28 * 28 * 6 * 25 + 10 * 10 * 16 * 6 * 25;
    double products = 400 * 120 + 120 * 84 + 84 * 10;
    assertThat(Suites.of("infer", "lenet").flops())
        .isCloseTo(2 * 64 * (convolutions + products), within(1.0));
  }

  @Test
  void gradientsAreReadAndWrittenToo() {
    double forward = Suites.of("ops", "relu-small").bytes();
    assertThat(Suites.of("ops", "relu-backward-small").bytes()).isEqualTo(2 * forward);
    double scores = 64 * 10 * 4;
    assertThat(Suites.of("ops", "cross-entropy-small").bytes()).isEqualTo(scores + 64 * 8 + 4);
    assertThat(Suites.of("ops", "cross-entropy-backward-small").bytes())
        .isEqualTo(2 * scores + 64 * 8 + 2 * 4);
  }

  @Test
  void unknownNamesSayWhatThereIs() {
    assertThatThrownBy(() -> Suites.of("speed"))
        .isInstanceOf(BenchException.class)
        .hasMessageContaining("feed, infer, memory, ops, overhead, spark, train");
    assertThatThrownBy(() -> Suites.of("train", "resnet"))
        .isInstanceOf(BenchException.class)
        .hasMessageContaining("'resnet'");
  }

  @Test
  void namesAreUnique() {
    assertThat(Suites.of(null).stream().map(one -> one.suite() + " " + one.name()))
        .doesNotHaveDuplicates();
  }
}
