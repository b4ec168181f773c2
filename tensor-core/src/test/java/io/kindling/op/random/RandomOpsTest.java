package io.kindling.op.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kindling.KindlingException;
import io.kindling.memory.Scope;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import io.kindling.tensor.Generator;
import io.kindling.tensor.MemoryFormat;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RandomOpsTest {
  private static final int COUNT = 100_000;

  private static Tensor empty(DType dtype, long... shape) {
    return Tensor.empty(Shape.of(shape), dtype, Device.CPU);
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT64"})
  void uniformNumbersFillTheirRangeEvenly(DType dtype) {
    try (Scope scope = Scope.open()) {
      double[] values = empty(dtype, COUNT).uniform_(-2, 6, new Generator(1)).toDoubleArray();
      int[] counts = new int[8];
      for (double value : values) {
        assertThat(value).isGreaterThanOrEqualTo(-2).isLessThan(6);
        counts[(int) Math.floor(value + 2)]++;
      }
      // Five standard deviations of a count of probability 1/8.
      for (int count : counts) {
        assertThat((double) count).isCloseTo(COUNT / 8.0, within(5 * Math.sqrt(COUNT * 7 / 64.0)));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT64"})
  void normalNumbersHaveTheMomentsAndTailsOfTheirDistribution(DType dtype) {
    try (Scope scope = Scope.open()) {
      double[] values = empty(dtype, COUNT).normal_(3, 2, new Generator(2)).toDoubleArray();
      double mean = Arrays.stream(values).average().orElseThrow();
      double var = Arrays.stream(values).map(v -> (v - 3) * (v - 3)).average().orElseThrow();
      double fourth =
          Arrays.stream(values).map(v -> Math.pow((v - 3) / 2, 4)).average().orElseThrow();
      double beyond = Arrays.stream(values).filter(v -> Math.abs(v - 3) > 4).count();
      double pairs = 0;
      for (int i = 0; i < COUNT; i += 2) {
        pairs += (values[i] - 3) * (values[i + 1] - 3) / 4;
      }
      assertThat(mean).isCloseTo(3, within(5 * 2 / Math.sqrt(COUNT)));
      assertThat(var).isCloseTo(4, within(5 * 4 * Math.sqrt(2.0 / COUNT)));
      assertThat(fourth).isCloseTo(3, within(5 * Math.sqrt(96.0 / COUNT)));
      assertThat(beyond).isCloseTo(COUNT * 0.0455, within(5 * Math.sqrt(COUNT * 0.0455)));
      assertThat(pairs / (COUNT / 2)).isCloseTo(0, within(5 / Math.sqrt(COUNT / 2)));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT64", "BOOL", "INT64"})
  void bernoulliCountsItsProbability(DType dtype) {
    try (Scope scope = Scope.open()) {
      Tensor x = empty(dtype, COUNT).bernoulli_(0.3, new Generator(3));
      assertThat(x.to(DType.FLOAT64).sum().item())
          .isCloseTo(0.3 * COUNT, within(5 * Math.sqrt(COUNT * 0.21)));
      assertThat(x.bernoulli_(0).to(DType.FLOAT64).sum().item()).isZero();
      assertThat(x.bernoulli_(1).to(DType.FLOAT64).sum().item()).isEqualTo(COUNT);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.3, 4, 9.99, 10, 31.5, 1e6})
  void poissonNumbersAreDistributedAsTheirRateSays(double rate) {
    try (Scope scope = Scope.open()) {
      Tensor rates = Tensor.full(rate, DType.FLOAT64, COUNT);
      double[] values = Tensor.poisson(rates, new Generator(9)).toDoubleArray();
      double mean = Arrays.stream(values).average().orElseThrow();
      double var = Arrays.stream(values).map(v -> (v - rate) * (v - rate)).average().orElseThrow();
      assertThat(mean).isCloseTo(rate, within(5 * Math.sqrt(rate / COUNT)));
      // The fourth central moment is rate + 3 rate^2.
      assertThat(var).isCloseTo(rate, within(5 * Math.sqrt((rate + 2 * rate * rate) / COUNT)));
      assertThat(Arrays.stream(values).allMatch(v -> v >= 0 && v == Math.rint(v))).isTrue();
      if (rate < 100) {
        checkCounts(values, rate);
      }
    }
  }

  /** Compares how often each value came with its probability. */
  private static void checkCounts(double[] values, double rate) {
    double[] counts = new double[200];
    for (double value : values) {
      counts[(int) value]++;
    }
    double probability = Math.exp(-rate);
    for (int k = 0; k < counts.length; k++) {
      double deviation = Math.sqrt(COUNT * probability * (1 - probability));
      assertThat(counts[k]).as("%s", k).isCloseTo(COUNT * probability, within(5 * deviation + 1));
      probability *= rate / (k + 1);
    }
  }

  @Test
  void poissonNumbersDependOnSeedAndPositionAndHaveNoGradient() {
    try (Scope scope = Scope.open()) {
      Tensor rates = Tensor.arange(24.0).reshape(4, 6);
      float[] plain = Tensor.poisson(rates, new Generator(4)).toFloatArray();
      assertThat(plain[0]).isZero();
      Tensor turned = rates.transpose(0, 1).contiguous().transpose(0, 1);
      assertThat(Tensor.poisson(turned, new Generator(4)).toFloatArray()).isEqualTo(plain);
      assertThat(Tensor.poisson(rates, new Generator(5)).toFloatArray()).isNotEqualTo(plain);
      rates.requiresGrad_();
      Tensor.poisson(rates).sum().backward();
      assertThat(rates.grad().toFloatArray()).containsOnly(0);
      assertThat(Tensor.poisson(Tensor.zeros(0, 3)).shape()).isEqualTo(Shape.of(0, 3));
      for (double wrong : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
        assertThatThrownBy(() -> Tensor.poisson(Tensor.scalar(wrong)))
            .isInstanceOf(KindlingException.class)
            .hasMessageContaining("poisson: expected finite rates >= 0");
      }
      assertThatThrownBy(() -> Tensor.poisson(Tensor.of(new long[] {1})))
          .isInstanceOf(KindlingException.class)
          .hasMessageContaining("floating type");
    }
  }

  @Test
  void integersCoverTheirRange() {
    try (Scope scope = Scope.open()) {
      long[] values = Tensor.randint(new Generator(4), -3, 4, COUNT).toLongArray();
      int[] counts = new int[7];
      for (long value : values) {
        counts[(int) value + 3]++;
      }
      for (int count : counts) {
        assertThat((double) count).isCloseTo(COUNT / 7.0, within(5 * Math.sqrt(COUNT * 6 / 49.0)));
      }
    }
  }

  @Test
  void permutationsHoldEachNumberOnceAndAllOrdersComeUp() {
    try (Scope scope = Scope.open()) {
      Generator generator = new Generator(5);
      int[] orders = new int[6];
      for (int i = 0; i < 6000; i++) {
        long[] p = Tensor.randperm(generator, 3).toLongArray();
        orders[(int) (p[0] * 2 + (p[1] > p[2] ? 1 : 0))]++;
      }
      for (int count : orders) {
        assertThat((double) count).isCloseTo(1000, within(5 * Math.sqrt(6000 * 5 / 36.0)));
      }
      long[] large = Tensor.randperm(generator, 1001).toLongArray();
      assertThat(large).doesNotHaveDuplicates().hasSize(1001);
      assertThat(Arrays.stream(large).max().orElseThrow()).isEqualTo(1000);
      assertThat(Tensor.randperm(generator, 0).numel()).isZero();
    }
  }

  @Test
  void theValuesDependOnSeedAndPositionNotOnTheOrderInMemory() {
    try (Scope scope = Scope.open()) {
      Tensor plain = Tensor.randn(new Generator(6), 2, 3, 4, 5);
      Tensor channelsLast = empty(DType.FLOAT32, 2, 3, 4, 5).contiguous(MemoryFormat.CHANNELS_LAST);
      channelsLast.normal_(0, 1, new Generator(6));
      assertThat(channelsLast.toFloatArray()).isEqualTo(plain.toFloatArray());
      Tensor odd = empty(DType.FLOAT32, 7, 24).slice(1, 3, 21, 1).normal_(0, 1, new Generator(6));
      assertThat(Arrays.copyOf(odd.toFloatArray(), 120)).isEqualTo(plain.toFloatArray());
      assertThat(Tensor.randn(new Generator(7), 120).toFloatArray())
          .isNotEqualTo(plain.toFloatArray());
    }
  }

  @Test
  void aGeneratorGoesOnWhereItsStateWasSaved() {
    try (Scope scope = Scope.open()) {
      Generator generator = new Generator(8);
      float[] first = Tensor.rand(generator, 5).toFloatArray();
      Generator.State state = generator.state();
      float[] second = Tensor.rand(generator, 5).toFloatArray();
      assertThat(second).isNotEqualTo(first);
      generator.setState(state);
      assertThat(Tensor.rand(generator, 5).toFloatArray()).isEqualTo(second);
      generator.manualSeed(8);
      assertThat(Tensor.rand(generator, 5).toFloatArray()).isEqualTo(first);
    }
  }

  @Test
  void impossibleParametersAreNamed() {
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.zeros(3);
      assertThatThrownBy(() -> x.uniform_(2, 1))
          .isInstanceOf(KindlingException.class)
          .hasMessageContaining("low <= high");
      assertThatThrownBy(() -> x.normal_(0, -1)).hasMessageContaining("standard deviation");
      assertThatThrownBy(() -> x.bernoulli_(1.5)).hasMessageContaining("from 0 to 1");
      assertThatThrownBy(() -> Tensor.randint(3, 3, 2)).hasMessageContaining("low < high");
    }
  }

  @Test
  void multinomialDrawsInProportionToWeights() {
    try (Scope scope = Scope.open()) {
      Tensor weights = Tensor.of(new double[] {1, 0, 3, 4, 0, 5, 0, 0}, 2, 4);
      long[] drawn = weights.multinomial(COUNT, true, new Generator(5)).toLongArray();
      double[] counts = new double[4];
      for (int i = 0; i < COUNT; i++) {
        counts[(int) drawn[i]]++;
        assertThat(drawn[COUNT + i]).isEqualTo(1);
      }
      double[] expected = {1 / 8.0, 0, 3 / 8.0, 4 / 8.0};
      for (int i = 0; i < 4; i++) {
        double deviation = Math.sqrt(COUNT * expected[i] * (1 - expected[i]));
        assertThat(counts[i]).isCloseTo(COUNT * expected[i], within(5 * deviation));
      }
    }
  }

  @Test
  void multinomialWithoutReplacementDrawsNoPlaceTwice() {
    try (Scope scope = Scope.open()) {
      Tensor weights = Tensor.of(new double[] {1, 0, 3, 4});
      Generator generator = new Generator(6);
      int firstIsLargest = 0;
      for (int i = 0; i < 2000; i++) {
        long[] drawn = weights.multinomial(3, false, generator).toLongArray();
        assertThat(drawn).containsExactlyInAnyOrder(0, 2, 3);
        firstIsLargest += drawn[0] == 3 ? 1 : 0;
      }
      assertThat((double) firstIsLargest).isCloseTo(1000, within(5 * Math.sqrt(500)));
      assertThatThrownBy(() -> weights.multinomial(4, false, generator))
          .isInstanceOf(KindlingException.class)
          .hasMessageContaining("fewer weights above 0");
      assertThatThrownBy(() -> weights.multinomial(5, false, generator))
          .isInstanceOf(KindlingException.class)
          .hasMessageContaining("5 draws from 4 weights");
    }
  }
}
