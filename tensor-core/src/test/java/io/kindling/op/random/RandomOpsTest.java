package io.kindling.op.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.KindlingException;
import io.kindling.backend.cpu.Threads;
import io.kindling.memory.Scope;
import io.kindling.nn.functional.F;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import io.kindling.tensor.Generator;
import io.kindling.tensor.MemoryFormat;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RandomOpsTest {
  private static Tensor empty(DType dtype, long... shape) {
    return Tensor.empty(Shape.of(shape), dtype, Device.CPU);
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
  void permutationsHoldEachNumberOnce() {
    try (Scope scope = Scope.open()) {
      long[] large = Tensor.randperm(new Generator(5), 1001).toLongArray();
      assertThat(Arrays.stream(large).sorted().toArray())
          .isEqualTo(LongStream.range(0, 1001).toArray());
      assertThat(Tensor.randperm(0).numel()).isZero();
      assertThat(Tensor.randperm(1).toLongArray()).containsExactly(0);
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
  void seedsOfGenerators() {
    Generator generator = new Generator(8);
    assertThat(generator.initialSeed()).isEqualTo(8);
    long fresh = generator.seed();
    assertThat(generator.state()).isEqualTo(new Generator.State(fresh, 0));
    assertThat(generator.seed()).isNotEqualTo(fresh);
    assertThat(generator.manualSeed(-1).initialSeed()).isEqualTo(-1);
    Generator other = new Generator(0).setState(generator.state());
    try (Scope scope = Scope.open()) {
      assertThat(Tensor.randn(other, 3).toFloatArray())
          .isEqualTo(Tensor.randn(generator, 3).toFloatArray());
    }
  }

  @Test
  void theDefaultGeneratorIsSeededToo() {
    Generator.State before = Generator.defaultGenerator().state();
    try (Scope scope = Scope.open()) {
      List<Supplier<Tensor>> draws =
          List.of(
              () -> Tensor.rand(9),
              () -> Tensor.randn(new long[] {9}, DType.FLOAT64),
              () -> Tensor.randint(0, 99, 9),
              () -> Tensor.randperm(9),
              () -> Tensor.normal(Tensor.zeros(9), 1),
              () -> Tensor.poisson(Tensor.full(new long[] {9}, 20.0)),
              () -> empty(DType.FLOAT32, 9).uniform_(),
              () -> empty(DType.FLOAT32, 9).normal_(),
              () -> empty(DType.FLOAT32, 9).exponential_(1),
              () -> empty(DType.FLOAT32, 9).logNormal_(1, 2),
              () -> empty(DType.FLOAT32, 9).cauchy_(0, 1),
              () -> empty(DType.INT64, 9).geometric_(0.01),
              () -> empty(DType.INT64, 9).random_(),
              () -> empty(DType.INT64, 9).random_(1000),
              () -> empty(DType.FLOAT32, 64).bernoulli_(0.5),
              () -> Tensor.full(new long[] {64}, 0.5).bernoulli(),
              () -> Tensor.ones(9).multinomial(9, true));
      for (Supplier<Tensor> draw : draws) {
        Generator.defaultGenerator().manualSeed(1);
        double[] first = draw.get().toDoubleArray();
        double[] second = draw.get().toDoubleArray();
        Generator.defaultGenerator().manualSeed(1);
        assertThat(draw.get().toDoubleArray()).isEqualTo(first).isNotEqualTo(second);
      }
    } finally {
      Generator.defaultGenerator().setState(before);
    }
  }

  @Test
  void theValuesDoNotDependOnTheNumberOfThreads() {
    int before = Threads.get();
    List<double[]> drawn = new ArrayList<>();
    try (Scope scope = Scope.open()) {
      for (int threads : new int[] {1, 3}) {
        Threads.set(threads);
        Generator generator = new Generator(10);
        Tensor normal = Tensor.randn(generator, 300, 1000);
        Tensor kept = F.dropout(normal, 0.3, true, generator);
        drawn.add(kept.add(Tensor.randLike(kept, generator)).toDoubleArray());
      }
      assertThat(drawn.get(1)).isEqualTo(drawn.get(0));
    } finally {
      Threads.set(before);
    }
  }

  @Test
  void threadsThatShareAGeneratorShareNoNumbers() throws Exception {
    Generator generator = new Generator(11);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<long[]>> parts = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        parts.add(
            threads.submit(
                () -> {
                  try (Tensor part = Tensor.randint(generator, 0, Long.MAX_VALUE, 999)) {
                    return part.toLongArray();
                  }
                }));
      }
      Set<Long> all = new HashSet<>();
      for (Future<long[]> part : parts) {
        Arrays.stream(part.get()).forEach(all::add);
      }
      assertThat(all).hasSize(40 * 999);
      assertThat(generator.state().offset()).isEqualTo(40 * 500);
    } finally {
      threads.shutdown();
    }
  }

  /** What PyTorch refuses, and a part of the message. */
  static Stream<Arguments> refusals() {
    Supplier<Tensor> x = () -> empty(DType.FLOAT32, 3);
    Supplier<Tensor> half = () -> empty(DType.FLOAT16, 3);
    Supplier<Tensor> whole = () -> empty(DType.INT64, 3).zero_();
    Supplier<Tensor> bytes = () -> empty(DType.UINT8, 3);
    Supplier<Tensor> flags = () -> empty(DType.BOOL, 3);
    double nan = Double.NaN;
    double infinity = Double.POSITIVE_INFINITY;
    long[] shape = {2};
    return Stream.of(
        refusal("uniform_", "low <= high", () -> x.get().uniform_(2, 1)),
        refusal("uniform_", "low <= high", () -> x.get().uniform_(0, nan)),
        refusal("uniform_", "wider", () -> x.get().uniform_(0, infinity)),
        refusal("uniform_", "wider", () -> x.get().uniform_(-3e38, 3e38)),
        refusal("uniform_", "wider", () -> half.get().uniform_(0, 1e6)),
        refusal("uniform_", "int64", () -> whole.get().uniform_()),
        refusal("rand", "int64", () -> Tensor.rand(shape, DType.INT64)),
        refusal("randLike", "int64", () -> Tensor.randLike(whole.get())),
        refusal("randnLike", "int64", () -> Tensor.randnLike(whole.get())),
        refusal("normal_", "standard deviation", () -> x.get().normal_(0, -1)),
        refusal("normal_", "standard deviation", () -> x.get().normal_(0, nan)),
        refusal("normal_", "int64", () -> whole.get().normal_()),
        refusal("normal", "int64", () -> Tensor.normal(whole.get(), 1)),
        refusal("normal", "int64", () -> Tensor.normal(whole.get(), Tensor.ones(3))),
        refusal("normal", "int64", () -> Tensor.normal(0, whole.get())),
        refusal("normal", "deviation", () -> Tensor.normal(Tensor.ones(3), -1)),
        refusal("normal", "deviations", () -> Tensor.normal(0, Tensor.of(new double[] {1, -1}))),
        refusal("normal", "broadcast", () -> Tensor.normal(Tensor.zeros(2, 4), Tensor.ones(3))),
        refusal("logNormal_", "above 0", () -> x.get().logNormal_(0, 0)),
        refusal("logNormal_", "int64", () -> whole.get().logNormal_(1, 2)),
        refusal("exponential_", "above 0", () -> x.get().exponential_(0)),
        refusal("exponential_", "above 0", () -> x.get().exponential_(nan)),
        refusal("exponential_", "int64", () -> whole.get().exponential_(1)),
        refusal("cauchy_", "above 0", () -> x.get().cauchy_(0, 0)),
        refusal("cauchy_", "int64", () -> whole.get().cauchy_(0, 1)),
        refusal("geometric_", "above 0 and below 1", () -> x.get().geometric_(0)),
        refusal("geometric_", "above 0 and below 1", () -> x.get().geometric_(1)),
        refusal("geometric_", "bool", () -> flags.get().geometric_(0.5)),
        refusal("random_", "low < high", () -> x.get().random_(0)),
        refusal("random_", "uint8 does not hold", () -> bytes.get().random_(-1, 3)),
        refusal("random_", "uint8 does not hold", () -> bytes.get().random_(0, 257)),
        refusal("random_", "bool does not hold", () -> flags.get().random_(0, 3)),
        refusal("random_", "float16 does not hold", () -> half.get().random_(0, 100_000)),
        refusal("randint", "low < high", () -> Tensor.randint(3, 3, 2)),
        refusal("randint", "uint8", () -> Tensor.randint(0, 300, shape, DType.UINT8)),
        refusal("randperm", "count >= 0", () -> Tensor.randperm(-1)),
        refusal("bernoulli_", "from 0 to 1", () -> x.get().bernoulli_(1.5)),
        refusal("bernoulli_", "from 0 to 1", () -> x.get().bernoulli_(nan)),
        refusal("bernoulli_", "from 0 to 1", () -> x.get().bernoulli_(Tensor.of(new float[] {2}))),
        refusal("bernoulli_", "expand", () -> x.get().bernoulli_(Tensor.ones(2))),
        refusal("bernoulli_", "int64", () -> x.get().bernoulli_(whole.get())),
        refusal("bernoulli", "from 0 to 1", () -> Tensor.full(1.5, DType.FLOAT32, 3).bernoulli()),
        refusal("bernoulli", "from 0 to 1", () -> Tensor.full(nan, DType.FLOAT32, 3).bernoulli()),
        refusal("bernoulli", "int64", () -> whole.get().bernoulli()),
        refusal("poisson", ">= 0", () -> Tensor.poisson(Tensor.full(-1, DType.FLOAT32, 1))),
        refusal("poisson", "int64", () -> Tensor.poisson(whole.get())),
        refusal("multinomial", "above 0", () -> Tensor.zeros(3).multinomial(1, true)),
        refusal("multinomial", "negative", () -> Tensor.ones(3).neg().multinomial(1, true)),
        refusal("multinomial", "finite", () -> Tensor.ones(3).div(0.0).multinomial(1, true)),
        refusal("multinomial", "int64", () -> whole.get().multinomial(1, true)),
        refusal("multinomial", "(N, C)", () -> Tensor.ones(2, 0).multinomial(1, true)),
        refusal("multinomial", "(N, C)", () -> Tensor.ones(2, 2, 2).multinomial(1, true)),
        refusal("multinomial", "(N, C)", () -> Tensor.scalar(1).multinomial(1, true)),
        refusal("multinomial", "3 draws", () -> Tensor.ones(2).multinomial(3, false)),
        refusal("multinomial", "0 draws", () -> Tensor.ones(2).multinomial(0, true)),
        refusal("normal_", "single memory location", () -> Tensor.ones(1).expand(2).normal_()),
        refusal("normal_", "leaf", () -> Tensor.ones(2).requiresGrad_().normal_()),
        refusal("dropout", "0 to 1", () -> F.dropout(x.get(), 1.5, true, new Generator(1))));
  }

  private static Arguments refusal(String name, String part, Supplier<Tensor> call) {
    return Arguments.of(name, part, call);
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("refusals")
  void whatPyTorchRefusesIsRefused(String name, String part, Supplier<Tensor> call) {
    try (Scope scope = Scope.open()) {
      assertThatThrownBy(call::get)
          .isInstanceOf(KindlingException.class)
          .hasMessageStartingWith(name.replace("_", ""))
          .hasMessageContaining(part);
    }
  }

  @Test
  void whatIsDrawnInPlaceForgetsWhereItCameFrom() {
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.ones(3).requiresGrad_();
      Tensor y = x.mul(2);
      y.normal_(0, 1, new Generator(1)).sum().backward();
      assertThat(x.grad() == null ? new float[3] : x.grad().toFloatArray()).containsOnly(0);
    }
  }

  @Test
  void multinomialWithoutReplacementDrawsNoPlaceTwice() {
    try (Scope scope = Scope.open()) {
      Tensor weights = Tensor.of(new double[] {1, 0, 3, 4});
      Generator generator = new Generator(6);
      for (int i = 0; i < 200; i++) {
        long[] drawn = weights.multinomial(3, false, generator).toLongArray();
        assertThat(drawn).containsExactlyInAnyOrder(0, 2, 3);
      }
      assertThatThrownBy(() -> weights.multinomial(4, false, generator))
          .isInstanceOf(KindlingException.class)
          .hasMessageContaining("fewer weights above 0");
      assertThatThrownBy(() -> weights.multinomial(5, false, generator))
          .isInstanceOf(KindlingException.class)
          .hasMessageContaining("5 draws from 4 weights");
    }
  }
}
