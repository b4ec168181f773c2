package io.kindling.nn.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.ShapeException;
import io.kindling.memory.Scope;
import io.kindling.nn.Conv2d;
import io.kindling.nn.Linear;
import io.kindling.tensor.Generator;
import io.kindling.tensor.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class InitTest {
  private static final int IN = 100;
  private static final int OUT = 300;

  @Test
  void spreadIsWhatThePapersSay() {
    try (Scope scope = Scope.open()) {
      Tensor w = Tensor.zeros(OUT, IN).requiresGrad_();
      Generator g = new Generator(1);
      double he = Math.sqrt(2.0 / IN);
      double heOut = Math.sqrt(2.0 / OUT);
      double glorot = 2 * Math.sqrt(2.0 / (IN + OUT));
      uniform(Init.kaimingUniform_(w, 0, FanMode.FAN_IN, Nonlinearity.RELU, g), he);
      normal(Init.kaimingNormal_(w, 0, FanMode.FAN_OUT, Nonlinearity.RELU, g), heOut);
      uniform(Init.xavierUniform_(w, 2, g), glorot);
      normal(Init.xavierNormal_(w, 2, g), glorot);
      assertThat(Init.ones_(w).toFloatArray()).containsOnly(1);
      assertThat(Init.zeros_(w).toFloatArray()).containsOnly(0);
      assertThat(Init.constant_(w, 3).toFloatArray()).containsOnly(3);
      assertThat(w.requiresGrad()).isTrue();
      assertThat(w.isLeaf()).isTrue();
    }
  }

  /** The variance of n values strays by about sqrt(2 / n) of itself; this allows six of that. */
  private static void spread(Tensor tensor, double std) {
    double[] values = tensor.toDoubleArray();
    double variance = Arrays.stream(values).map(v -> v * v).average().orElseThrow();
    double stray = 6 * Math.sqrt(2.0 / values.length);
    assertThat(variance / (std * std)).isCloseTo(1, within(stray));
    double mean = Arrays.stream(values).average().orElseThrow();
    assertThat(mean).isCloseTo(0, within(6 * std / Math.sqrt(values.length)));
  }

  private static void uniform(Tensor tensor, double std) {
    spread(tensor, std);
    double largest = Arrays.stream(tensor.toDoubleArray()).map(Math::abs).max().orElseThrow();
    double bound = Math.sqrt(3) * std;
    assertThat(largest).isLessThanOrEqualTo(bound * (1 + 1e-6)).isGreaterThan(0.99 * bound);
  }

  private static void normal(Tensor tensor, double std) {
    spread(tensor, std);
    double largest = Arrays.stream(tensor.toDoubleArray()).map(Math::abs).max().orElseThrow();
    assertThat(largest).isGreaterThan(3 * std);
  }

  @Test
  void layersStartAsPyTorchsDo() {
    try (Linear linear = new Linear(IN, OUT, true, new Generator(2));
        Conv2d conv =
            new Conv2d(
                6,
                64,
                new int[] {3, 5},
                new int[] {1, 1},
                new int[] {0, 0},
                new int[] {1, 1},
                2,
                true,
                new Generator(2))) {
      double linearStd = 1 / Math.sqrt(3.0 * IN);
      uniform(linear.stateDict().get("weight"), linearStd);
      within(linear.stateDict().get("bias"), 1 / Math.sqrt(IN));
      uniform(conv.stateDict().get("weight"), 1 / Math.sqrt(3.0 * 3 * 3 * 5));
      within(conv.stateDict().get("bias"), 1 / Math.sqrt(3 * 3 * 5));
    }
  }

  private static void within(Tensor tensor, double bound) {
    for (double value : tensor.toDoubleArray()) {
      assertThat(Math.abs(value)).isPositive().isLessThanOrEqualTo(bound * (1 + 1e-6));
    }
  }

  private static org.assertj.core.data.Offset<Double> within(double offset) {
    return org.assertj.core.api.Assertions.within(offset);
  }

  @Test
  void gains() {
    assertThat(Init.calculateGain(Nonlinearity.LINEAR, 0)).isEqualTo(1);
    assertThat(Init.calculateGain(Nonlinearity.TANH, 0)).isEqualTo(5.0 / 3);
    assertThat(Init.calculateGain(Nonlinearity.RELU, 0)).isEqualTo(Math.sqrt(2));
    assertThat(Init.calculateGain(Nonlinearity.LEAKY_RELU, 3)).isEqualTo(Math.sqrt(0.2));
    assertThat(Init.calculateGain(Nonlinearity.SELU, 0)).isEqualTo(0.75);
  }

  @Test
  void aVectorHasNoFan() {
    try (Scope scope = Scope.open()) {
      assertThatThrownBy(() -> Init.xavierUniform_(Tensor.zeros(3), 1, new Generator(1)))
          .isInstanceOf(ShapeException.class);
    }
  }
}
