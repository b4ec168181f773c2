package io.kindling.op.random;

import static io.kindling.op.random.Hypotheses.COUNT;
import static io.kindling.op.random.Hypotheses.accept;
import static io.kindling.op.random.Hypotheses.empty;
import static org.assertj.core.api.Assertions.assertThat;

import io.kindling.memory.Scope;
import io.kindling.nn.functional.F;
import io.kindling.tensor.DType;
import io.kindling.tensor.Generator;
import io.kindling.tensor.Tensor;
import io.kindling.testing.GoodnessOfFit;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Counts and choices come up as often as they should, as {@link Hypotheses} has it tested. */
class DiscreteDistributionsTest {
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
}
