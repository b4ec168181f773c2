package io.kindling.op.random;

import static io.kindling.op.random.Hypotheses.COUNT;
import static io.kindling.op.random.Hypotheses.SIGNIFICANCE;
import static io.kindling.op.random.Hypotheses.accept;
import static io.kindling.op.random.Hypotheses.empty;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kindling.memory.Scope;
import io.kindling.tensor.DType;
import io.kindling.tensor.Generator;
import io.kindling.tensor.Tensor;
import io.kindling.testing.GoodnessOfFit;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Continuous random numbers have their distribution, as {@link Hypotheses} has it tested. */
class DistributionsTest {
  /** A continuous distribution: how to fill with it, and its function. */
  private record Continuous(
      String name, BiFunction<Tensor, Generator, Tensor> fill, DoubleUnaryOperator cdf) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Arguments> continuous() {
    return Stream.of(
            new Continuous("uniform", (x, g) -> x.uniform_(-2, 6, g), v -> (v + 2) / 8),
            new Continuous("rand", (x, g) -> Tensor.randLike(x, g), v -> v),
            new Continuous(
                "normal", (x, g) -> x.normal_(3, 2, g), v -> GoodnessOfFit.normal((v - 3) / 2)),
            new Continuous("randn", (x, g) -> Tensor.randnLike(x, g), GoodnessOfFit::normal),
            new Continuous(
                "normal around each",
                (x, g) -> Tensor.normal(x.fill_(3), 2, g),
                v -> GoodnessOfFit.normal((v - 3) / 2)),
            new Continuous(
                "normal as wide as each",
                (x, g) -> Tensor.normal(3, x.fill_(2), g),
                v -> GoodnessOfFit.normal((v - 3) / 2)),
            new Continuous(
                "logNormal",
                (x, g) -> x.logNormal_(1, 2, g),
                v -> GoodnessOfFit.normal((Math.log(v) - 1) / 2)),
            new Continuous(
                "exponential", (x, g) -> x.exponential_(1.5, g), v -> -Math.expm1(-1.5 * v)),
            new Continuous(
                "cauchy",
                (x, g) -> x.cauchy_(-1, 3, g),
                v -> 0.5 + Math.atan((v + 1) / 3) / Math.PI))
        .flatMap(d -> Stream.of(DType.FLOAT32, DType.FLOAT64).map(dtype -> Arguments.of(d, dtype)));
  }

  @ParameterizedTest
  @MethodSource("continuous")
  void valuesFollowTheDistributionFunction(Continuous distribution, DType dtype) {
    try (Scope scope = Scope.open()) {
      Tensor x = distribution.fill().apply(empty(dtype, COUNT), new Generator(1));
      double[] values = x.toDoubleArray();
      accept(GoodnessOfFit.kolmogorovSmirnov(values, distribution.cdf()));
      // Far out too: of 1,000 equal parts of the distribution none is met too often or too rarely.
      long[] counts = new long[1000];
      for (double value : values) {
        counts[(int) Math.min(999, distribution.cdf().applyAsDouble(value) * 1000)]++;
      }
      accept(GoodnessOfFit.chiSquare(counts));
    }
  }

  /** Values at places some apart, as those of one block, of both of a pair, of the next block. */
  @ParameterizedTest
  @MethodSource("continuous")
  void valuesDoNotDependOnEachOther(Continuous distribution, DType dtype) {
    try (Scope scope = Scope.open()) {
      Generator generator = new Generator(2);
      double[] values = uniform(distribution, dtype, generator);
      double[] next = uniform(distribution, dtype, generator);
      double[] neighbour = uniform(distribution, dtype, new Generator(3));
      for (int lag : new int[] {1, 2, 3, 4, 5, 8}) {
        accept(pairs(values, Arrays.copyOfRange(values, lag, COUNT)));
      }
      accept(pairs(values, next));
      accept(pairs(values, neighbour));
    }
  }

  /** Values of a distribution as parts of it, which are spread evenly from 0 to 1. */
  private static double[] uniform(Continuous distribution, DType dtype, Generator generator) {
    double[] values = distribution.fill().apply(empty(dtype, COUNT), generator).toDoubleArray();
    return Arrays.stream(values).map(distribution.cdf()).toArray();
  }

  /** How probable it is that pairs fill a table of 16 parts by 16 as unevenly as these. */
  private static double pairs(double[] first, double[] second) {
    long[] counts = new long[256];
    for (int i = 0; i < Math.min(first.length, second.length); i++) {
      counts[16 * (int) Math.min(15, first[i] * 16) + (int) Math.min(15, second[i] * 16)]++;
    }
    return GoodnessOfFit.chiSquare(counts);
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT64"})
  void normalNumbersHaveTheMomentsOfTheirDistribution(DType dtype) {
    try (Scope scope = Scope.open()) {
      double[] values = empty(dtype, COUNT).normal_(3, 2, new Generator(2)).toDoubleArray();
      double[] centred = Arrays.stream(values).map(v -> (v - 3) / 2).toArray();
      // The moments of even order are 1, 3, 15, 105, and say how far those of the order before are
      // off: the variance of a mean of powers is that of the power over the count.
      double[] moments = {1, 0, 1, 0, 3, 0, 15, 0, 105, 0, 945, 0, 10395};
      for (int order = 1; order <= 6; order++) {
        int power = order;
        double mean = Arrays.stream(centred).map(v -> Math.pow(v, power)).average().orElseThrow();
        double variance = moments[2 * order] - moments[order] * moments[order];
        accept(
            GoodnessOfFit.normalDeviation((mean - moments[order]) / Math.sqrt(variance / COUNT)));
      }
    }
  }

  /** Types of 16 bits: each value of the grid comes as often as any other, and 1 never. */
  @ParameterizedTest
  @CsvSource({"FLOAT16, 2048", "BFLOAT16, 256"})
  void uniformNumbersOfHalfPrecisionFillTheirGridEvenly(DType dtype, int steps) {
    try (Scope scope = Scope.open()) {
      double[] values = Tensor.rand(new long[] {COUNT}, dtype, new Generator(4)).toDoubleArray();
      long[] counts = new long[steps];
      for (double value : values) {
        assertThat(value * steps).isEqualTo(Math.rint(value * steps));
        counts[(int) (value * steps)]++;
      }
      accept(GoodnessOfFit.chiSquare(counts));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT16", "BFLOAT16", "FLOAT32", "FLOAT64"})
  void uniformNumbersNeverReachTheUpperBound(DType dtype) {
    try (Scope scope = Scope.open()) {
      Generator generator = new Generator(5);
      double[][] ranges = {
        {0, 1}, {-1, 0}, {-1, 1}, {1000, 1004}, {-0.3, 0.7}, {0, 1e-7}, {3, 5}, {-1e4, -9e3}
      };
      for (double[] range : ranges) {
        Tensor bounds = Tensor.of(range).to(dtype);
        double low = bounds.get(0).item();
        double high = bounds.get(1).item();
        double[] values =
            empty(dtype, COUNT).uniform_(range[0], range[1], generator).toDoubleArray();
        double least = Arrays.stream(values).min().orElseThrow();
        double most = Arrays.stream(values).max().orElseThrow();
        assertThat(least).isGreaterThanOrEqualTo(low);
        assertThat(most).isLessThan(high);
        assertThat(least).isCloseTo(low, within(0.02 * (high - low)));
        boolean narrow = dtype == DType.BFLOAT16 && low == 1000; // a step of 4 is the whole range
        assertThat(most).isCloseTo(narrow ? low : high, within(0.51 * (high - low)));
      }
      assertThat(empty(dtype, 9).uniform_(2, 2, generator).toDoubleArray()).containsOnly(2);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT16", "BFLOAT16"})
  void numbersOfHalfPrecisionAreTheSameRounded(DType dtype) {
    try (Scope scope = Scope.open()) {
      List<BiFunction<Tensor, Generator, Tensor>> fillings =
          List.of(
              (x, g) -> x.normal_(3, 2, g),
              (x, g) -> x.logNormal_(0, 1, g),
              (x, g) -> x.exponential_(2, g),
              (x, g) -> x.cauchy_(0, 1, g),
              (x, g) -> x.geometric_(0.3, g),
              (x, g) -> x.bernoulli_(0.3, g));
      for (BiFunction<Tensor, Generator, Tensor> fill : fillings) {
        Tensor half = fill.apply(empty(dtype, 1000), new Generator(6));
        Tensor single = fill.apply(empty(DType.FLOAT32, 1000), new Generator(6));
        assertThat(half.toFloatArray()).isEqualTo(single.to(dtype).toFloatArray());
      }
    }
  }

  @Test
  void exponentialNumbersAreNever0() {
    assertThat(new Exponential(1, new Generator.State(0, 0)).quantile(RandomOp.inside(0)))
        .isGreaterThan(0);
    assertThat(new Exponential(1, new Generator.State(0, 0)).quantile(RandomOp.inside(0, 0)))
        .isGreaterThan(0);
    assertThat(RandomOp.inside(-1)).isLessThan(1);
    assertThat(RandomOp.inside(-1, -1)).isLessThan(1);
    assertThat(RandomOp.fraction(-1)).isLessThan(1);
    assertThat(RandomOp.fraction(-1, -1)).isLessThan(1);
  }

  @Test
  void normalTakesTensorsThatBroadcast() {
    try (Scope scope = Scope.open()) {
      Generator generator = new Generator(7);
      double[] means = {-3, 5, Double.POSITIVE_INFINITY};
      double[] scales = {0.5, 2};
      Tensor mean = Tensor.of(means).view(3, 1, 1);
      Tensor std = Tensor.of(scales).toFloat().view(2, 1).expand(2, 20_000);
      Tensor drawn = Tensor.normal(mean, std, generator);
      assertThat(drawn.shape().toArray()).containsExactly(3, 2, 20_000);
      assertThat(drawn.dtype()).isEqualTo(DType.FLOAT64);
      for (int i = 0; i < 4; i++) {
        double centre = means[i / 2];
        double scale = scales[i % 2];
        accept(
            GoodnessOfFit.kolmogorovSmirnov(
                drawn.get(i / 2, i % 2).toDoubleArray(),
                v -> GoodnessOfFit.normal((v - centre) / scale)));
      }
      assertThat(drawn.get(2).toDoubleArray()).containsOnly(Double.POSITIVE_INFINITY);
      assertThat(Tensor.normal(std, mean.abs()).dtype()).isEqualTo(DType.FLOAT32);
      assertThat(Tensor.normal(2, 0, generator, 3).toFloatArray()).containsExactly(2, 2, 2);
      assertThat(Tensor.normal(Tensor.zeros(0), Tensor.zeros(0)).numel()).isZero();
    }
  }

  /** No block of 128 bits is used twice, whatever is drawn one after the other. */
  @Test
  void successiveDrawsDoNotOverlap() {
    try (Scope scope = Scope.open()) {
      Generator generator = new Generator(14);
      Bits bits = new Bits(generator);
      long[] all = new long[0];
      for (int size : new int[] {1, 2, 3, 100_000, 5, 99_999, 1, 1000}) {
        all = join(all, bits.draw(size));
      }
      assertThat(Arrays.stream(all).distinct().count()).isEqualTo(all.length);
      // A jump goes where drawing leads.
      Generator.State before = generator.state();
      long[] drawn = bits.draw(1000);
      generator.setState(new Generator.State(before.seed(), before.offset() + 300));
      assertThat(bits.draw(400)).isEqualTo(Arrays.copyOfRange(drawn, 600, 1000));
      assertThat(generator.state().offset()).isEqualTo(before.offset() + 500);
    }
  }

  private static long[] join(long[] a, long[] b) {
    long[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  /** Integers of all bits but one. */
  private record Bits(Generator generator) {
    long[] draw(int count) {
      try (Tensor drawn = Tensor.randint(generator, Long.MIN_VALUE, Long.MAX_VALUE, count)) {
        return drawn.toLongArray();
      }
    }
  }

  @Test
  void theTestsSeeSmallFaults() {
    try (Scope scope = Scope.open()) {
      double[] values = Tensor.rand(new Generator(15), COUNT).toDoubleArray();
      assertThat(GoodnessOfFit.kolmogorovSmirnov(values, v -> Math.pow(v, 1.05)))
          .isLessThan(SIGNIFICANCE);
      double[] related = new double[COUNT];
      for (int i = 0; i < COUNT; i++) {
        related[i] = (values[i] + (i % 20 == 0 ? 0 : 1) * 0.5) % 1;
      }
      assertThat(pairs(values, related)).isLessThan(SIGNIFICANCE);
      long[] counts = IntStream.range(0, 120).mapToLong(i -> i == 7 ? 1000 : 833).toArray();
      assertThat(GoodnessOfFit.chiSquare(counts)).isGreaterThan(SIGNIFICANCE);
      counts[8] = 400;
      assertThat(GoodnessOfFit.chiSquare(counts)).isLessThan(SIGNIFICANCE);
      assertThat(DoubleStream.of(values).average().orElseThrow()).isCloseTo(0.5, within(0.01));
    }
  }
}
