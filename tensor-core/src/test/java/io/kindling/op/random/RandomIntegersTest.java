package io.kindling.op.random;

import static io.kindling.op.random.Hypotheses.COUNT;
import static io.kindling.op.random.Hypotheses.accept;
import static io.kindling.op.random.Hypotheses.empty;
import static org.assertj.core.api.Assertions.assertThat;

import io.kindling.memory.Scope;
import io.kindling.tensor.DType;
import io.kindling.tensor.Generator;
import io.kindling.tensor.Tensor;
import io.kindling.testing.GoodnessOfFit;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Integers and their orders come up equally often, as {@link Hypotheses} has it tested. */
class RandomIntegersTest {
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
}
