package io.kindling.bench.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kindling.bench.libtorch.LibTorch;
import io.kindling.bench.ours.Ours;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation is there on all sides, and is the same. */
class OpKindTest {
  static Stream<OpCase> smallCases() {
    return OpCase.all().stream().filter(one -> one.scale().equals("small"));
  }

  @ParameterizedTest
  @MethodSource("smallCases")
  void sidesComputeTheSame(OpCase one) {
    for (Format format : one.formats()) {
      double ours = check(Ours.of(one, format));
      assertThat(ours).isPositive();
      assertThat(check(LibTorch.of(one, format, 1))).isCloseTo(ours, within(1e-5 * ours));
    }
  }

  private static double check(Work work) {
    try (work) {
      return work.check();
    }
  }

  @ParameterizedTest
  @EnumSource
  void pythonKnowsIt(OpKind kind) throws IOException {
    String steps = Files.readString(Path.of("src/main/python/steps.py"));
    assertThat(steps).contains("\"" + kind.label() + "\": ");
  }
}
