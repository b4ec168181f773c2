package io.kindling.op.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kindling.memory.Scope;
import io.kindling.nn.functional.F;
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
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random numbers have their distribution. Seeds are fixed, so a test passes always or never; a
 * right generator with another seed would fail one assertion in ten thousand.
 */
class DistributionsTest {
  private static final double SIGNIFICANCE = 1e-4;
  private static final int COUNT = 100_000;

  private static void accept(double probability) {
    assertThat(probability).as("probability of so large a deviation").isGreaterThan(SIGNIFICANCE);
  }

  private static Tensor empty(DType dtype, long... shape) {
    return Tensor.empty(shape, dtype);
  }

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

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"FLOAT16", "BFLOAT16"})
  void bernoulliCountsItsProbability(DType dtype) {
    try (Scope scope = Scope.open()) {
      Generator generator = new Generator(3);
      for (double p : new double[] {0.001, 0.3, 0.5, 0.999}) {
        accept(ones(empty(dtype, COUNT).bernoulli_(p, generator), p));
        accept(ones(empty(dtype, COUNT).bernoulli(p, generator), p));
        Tensor chances = Tensor.full(new long[] {1}, p, DType.FLOAT64);
        accept(ones(empty(dtype, COUNT).bernoulli_(chances, generator), p));
      }
      assertThat(empty(dtype, COUNT).bernoulli_(0, generator).any().item()).isZero();
      assertThat(empty(dtype, COUNT).bernoulli_(1, generator).all().item()).isOne();
    }
  }

  private static double ones(Tensor drawn, double probability) {
    long[] values = drawn.toLongArray();
    long count = Arrays.stream(values).sum();
    assertThat(Arrays.stream(values)).allMatch(v -> v == 0 || v == 1);
    return GoodnessOfFit.chiSquare(
        new long[] {COUNT - count, count}, new double[] {1 - probability, probability});
  }

  @Test
  void bernoulliTakesAProbabilityForEachElement() {
    try (Scope scope = Scope.open()) {
      Tensor chances = Tensor.of(new double[] {0, 0.25, 1}).view(3, 1).expand(3, COUNT);
      Tensor counts = Tensor.zeros(new long[] {COUNT, 3}, DType.INT32);
      counts.bernoulli_(Tensor.of(new double[] {0, 0.25, 1}), new Generator(7));
      for (Tensor drawn :
          List.of(chances.bernoulli(new Generator(7)), counts.transpose(0, 1).toDouble())) {
        assertThat(drawn.get(0).sum().item()).isZero();
        accept(ones(drawn.get(1), 0.25));
        assertThat(drawn.get(2).sum().item()).isEqualTo(COUNT);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.9, 0.3, 0.01, 1e-5})
  void geometricNumbersCountTrials(double p) {
    for (DType dtype : new DType[] {DType.FLOAT32, DType.FLOAT64, DType.INT32, DType.INT64}) {
      try (Scope scope = Scope.open()) {
        double[] values = empty(dtype, COUNT).geometric_(p, new Generator(8)).toDoubleArray();
        double step = Math.max(1, Math.rint(0.1 / p)); // values are counted by so many
        long[] counts = new long[(int) (60 / (p * step))];
        double[] expected = new double[counts.length];
        for (double value : values) {
          assertThat(value).isGreaterThanOrEqualTo(1).isEqualTo(Math.rint(value));
          counts[(int) ((value - 1) / step)]++;
        }
        for (int i = 0; i < counts.length; i++) {
          expected[i] = Math.pow(1 - p, i * step) * (1 - Math.pow(1 - p, step));
        }
        accept(GoodnessOfFit.chiSquare(counts, expected));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.3, 4, 9.99, 10, 31.5, 1000, 1e6, 1e12})
  void poissonNumbersAreDistributedAsTheirRateSays(double rate) {
    try (Scope scope = Scope.open()) {
      Tensor rates = Tensor.full(rate, DType.FLOAT64, COUNT);
      double[] values = Tensor.poisson(rates, new Generator(9)).toDoubleArray();
      assertThat(Arrays.stream(values).allMatch(v -> v >= 0 && v == Math.rint(v))).isTrue();
      double mean = Arrays.stream(values).average().orElseThrow();
      double var = Arrays.stream(values).map(v -> (v - rate) * (v - rate)).average().orElseThrow();
      accept(GoodnessOfFit.normalDeviation((mean - rate) / Math.sqrt(rate / COUNT)));
      // The fourth central moment is rate + 3 rate^2.
      double ofVar = Math.sqrt((rate + 2 * rate * rate) / COUNT);
      accept(GoodnessOfFit.normalDeviation((var - rate) / ofVar));
      if (rate <= 1000) {
        long[] counts = new long[3000];
        double[] expected = new double[counts.length];
        for (double value : values) {
          counts[(int) value]++;
        }
        double log = -rate;
        for (int k = 0; k < counts.length; k++) {
          expected[k] = Math.exp(log);
          log += Math.log(rate / (k + 1));
        }
        accept(GoodnessOfFit.chiSquare(counts, expected));
      } else {
        // So many events are normally distributed, if halves are added for the whole numbers.
        accept(
            GoodnessOfFit.kolmogorovSmirnov(
                values, v -> GoodnessOfFit.normal((v + 0.5 - rate) / Math.sqrt(rate))));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void integersComeUpEquallyOften(DType dtype) {
    try (Scope scope = Scope.open()) {
      Generator generator = new Generator(4);
      long low = dtype == DType.BOOL || dtype == DType.UINT8 ? 0 : -3;
      long high = dtype == DType.BOOL ? 2 : 4;
      long[] shape = {COUNT};
      for (Tensor drawn :
          List.of(
              Tensor.randint(low, high, shape, dtype, generator),
              Tensor.randintLike(empty(dtype, COUNT), low, high, generator),
              empty(dtype, COUNT).random_(low, high, generator))) {
        assertThat(drawn.dtype()).isEqualTo(dtype);
        long[] counts = new long[(int) (high - low)];
        for (long value : drawn.toLongArray()) {
          counts[(int) (value - low)]++;
        }
        accept(GoodnessOfFit.chiSquare(counts));
      }
    }
  }

  /** Ranges that 2^64 is no multiple of, where leaving the remainder would favour some values. */
  @Test
  void integersOfWideRangesComeUpEquallyOften() {
    try (Scope scope = Scope.open()) {
      Generator generator = new Generator(11);
      long third = 1L << 61;
      long[][] ranges = {
        {0, 3 * third},
        {-third, 2 * third},
        {Long.MIN_VALUE, Long.MAX_VALUE},
        {Long.MIN_VALUE, third},
        {0, Long.MAX_VALUE},
        {5, 5 + 3_000_000_019L},
        {-10, 9}
      };
      for (long[] range : ranges) {
        long[] values = Tensor.randint(generator, range[0], range[1], COUNT).toLongArray();
        double width = (double) range[1] - (double) range[0];
        long[] counts = new long[19];
        long[] odd = new long[2];
        for (long value : values) {
          assertThat(value).isBetween(range[0], range[1] - 1);
          counts[(int) Math.min(18, ((double) value - (double) range[0]) / width * 19)]++;
          odd[(int) (value & 1)]++;
        }
        accept(GoodnessOfFit.chiSquare(counts));
        double odds = range[0] == -10 ? 9 / 19.0 : 0.5;
        accept(GoodnessOfFit.chiSquare(odd, new double[] {1 - odds, odds}));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void integersOfTheWholeTypeReachFrom0ToTheLastExactOne(DType dtype) {
    try (Scope scope = Scope.open()) {
      double[] values = empty(dtype, COUNT).random_(new Generator(12)).toDoubleArray();
      double last =
          switch (dtype) {
            case BOOL -> 1;
            case UINT8 -> 255;
            case INT8 -> 127;
            case INT16 -> 32767;
            case INT32 -> Integer.MAX_VALUE;
            case INT64 -> Long.MAX_VALUE;
            case FLOAT16 -> 1 << 11;
            case BFLOAT16 -> 1 << 8;
            case FLOAT32 -> 1 << 24;
            case FLOAT64 -> 1L << 53;
          };
      assertThat(Arrays.stream(values).min().orElseThrow()).isBetween(0.0, last / 1000);
      assertThat(Arrays.stream(values).max().orElseThrow()).isBetween(last * 0.999, last);
      if (last > 1e6) {
        accept(GoodnessOfFit.kolmogorovSmirnov(values, v -> v / last));
      }
    }
  }

  @Test
  void allPermutationsComeUpEquallyOften() {
    try (Scope scope = Scope.open()) {
      Generator generator = new Generator(5);
      long[] orders = new long[120];
      for (int i = 0; i < COUNT; i++) {
        try (Tensor permutation = Tensor.randperm(generator, 5)) {
          orders[rank(permutation.toLongArray())]++;
        }
      }
      accept(GoodnessOfFit.chiSquare(orders));
    }
  }

  private static int rank(long[] permutation) {
    int rank = 0;
    for (int i = 0; i < permutation.length; i++) {
      int smaller = 0;
      for (int j = i + 1; j < permutation.length; j++) {
        smaller += permutation[j] < permutation[i] ? 1 : 0;
      }
      rank = rank * (permutation.length - i) + smaller;
    }
    return rank;
  }

  /** A shuffle that exchanges with any place, or never with its own, has too few or many cycles. */
  @Test
  void permutationsHaveAsManyCyclesAsChanceGives() {
    try (Scope scope = Scope.open()) {
      Generator generator = new Generator(6);
      int n = 50;
      long[] counts = new long[n];
      long[] images = new long[n]; // of the first place
      for (int i = 0; i < 20_000; i++) {
        try (Tensor permutation = Tensor.randperm(generator, n)) {
          long[] p = permutation.toLongArray();
          images[(int) p[0]]++;
          boolean[] seen = new boolean[n];
          int cycles = 0;
          for (int at = 0; at < n; at++) {
            cycles += seen[at] ? 0 : 1;
            for (int next = at; !seen[next]; next = (int) p[next]) {
              seen[next] = true;
            }
          }
          assertThat(seen).containsOnly(true);
          counts[cycles - 1]++;
        }
      }
      // Inserting the k-th number opens a cycle with probability 1/k.
      double[] expected = new double[n];
      expected[0] = 1;
      for (int k = 2; k <= n; k++) {
        for (int c = k - 1; c >= 0; c--) {
          expected[c] = expected[c] * (k - 1) / k + (c > 0 ? expected[c - 1] / k : 0);
        }
      }
      accept(GoodnessOfFit.chiSquare(counts, expected));
      accept(GoodnessOfFit.chiSquare(images));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT16", "BFLOAT16", "FLOAT32", "FLOAT64"})
  void multinomialDrawsInProportionToWeights(DType dtype) {
    try (Scope scope = Scope.open()) {
      Tensor weights = Tensor.of(new double[] {1, 0, 3, 4, 0, 5, 0, 0}, 2, 4).to(dtype);
      long[] drawn = weights.multinomial(COUNT, true, new Generator(5)).toLongArray();
      long[] counts = new long[4];
      for (int i = 0; i < COUNT; i++) {
        counts[(int) drawn[i]]++;
        assertThat(drawn[COUNT + i]).isEqualTo(1);
      }
      accept(GoodnessOfFit.chiSquare(counts, new double[] {1 / 8.0, 0, 3 / 8.0, 4 / 8.0}));
    }
  }

  @Test
  void rowsOfMultinomialDoNotDependOnEachOther() {
    try (Scope scope = Scope.open()) {
      Tensor weights = Tensor.ones(2, 5);
      long[] drawn = weights.multinomial(COUNT, true, new Generator(6)).toLongArray();
      long[] pairs = new long[25];
      long[] successors = new long[25];
      for (int i = 0; i < COUNT; i++) {
        pairs[(int) (5 * drawn[i] + drawn[COUNT + i])]++;
        successors[(int) (5 * drawn[i] + drawn[i + 1])]++;
      }
      accept(GoodnessOfFit.chiSquare(pairs));
      accept(GoodnessOfFit.chiSquare(successors));
    }
  }

  @Test
  void multinomialWithoutReplacementDrawsEachFromTheWeightsLeft() {
    try (Scope scope = Scope.open()) {
      double[] weights = {1, 0, 3, 4};
      Tensor rows = Tensor.of(weights).expand(COUNT, 4);
      long[] drawn = rows.multinomial(2, false, new Generator(7)).toLongArray();
      long[] counts = new long[16];
      for (int i = 0; i < COUNT; i++) {
        counts[(int) (4 * drawn[2 * i] + drawn[2 * i + 1])]++;
      }
      double[] expected = new double[16];
      for (int i = 0; i < 16; i++) {
        double left = 8 - weights[i / 4];
        expected[i] = i / 4 == i % 4 ? 0 : weights[i / 4] / 8 * weights[i % 4] / left;
      }
      accept(GoodnessOfFit.chiSquare(counts, expected));
    }
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

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.5, 0.9})
  void dropoutDropsWithItsProbabilityAndKeepsTheMean(double p) {
    for (DType dtype : new DType[] {DType.FLOAT32, DType.FLOAT64, DType.BFLOAT16}) {
      try (Scope scope = Scope.open()) {
        Tensor x = Tensor.full(new long[] {COUNT}, 2, dtype).requiresGrad_();
        Tensor y = F.dropout(x, p, true, new Generator(13));
        Tensor kept = y.ne(0);
        accept(ones(kept, 1 - p));
        double scale = Tensor.full(new long[] {}, 1 / (1 - p), dtype).item();
        double[] values = y.toDoubleArray();
        y.sum().backward();
        double[] gradient = x.grad().toDoubleArray();
        for (int i = 0; i < COUNT; i++) {
          assertThat(gradient[i]).isEqualTo(values[i] == 0 ? 0 : scale);
          assertThat(values[i]).isIn(0.0, 2 * scale);
        }
      }
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
