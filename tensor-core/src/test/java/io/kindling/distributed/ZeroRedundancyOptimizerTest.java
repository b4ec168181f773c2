package io.kindling.distributed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.amp.Autocast;
import io.kindling.memory.Scope;
import io.kindling.nn.Linear;
import io.kindling.nn.Module;
import io.kindling.nn.NetworkSpec;
import io.kindling.nn.Sequential;
import io.kindling.nn.functional.F;
import io.kindling.op.loss.LossReduction;
import io.kindling.optim.Adam;
import io.kindling.optim.AdamW;
import io.kindling.optim.Optimizer;
import io.kindling.optim.SGD;
import io.kindling.tensor.DType;
import io.kindling.tensor.Generator;
import io.kindling.tensor.MemoryFormat;
import io.kindling.tensor.Tensor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An optimiser in shards beside the same optimiser as a whole on every rank. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public class ZeroRedundancyOptimizerTest extends GroupTest {
  private static final int ROWS = 12;
  private static final int STEPS = 5;
  private static final int[][] SHARES = {{0, 12}, {0, 7, 12}, {0, 12, 12}, {0, 1, 5, 12}};

  private static final Map<String, Function<List<Tensor>, Optimizer>> OPTIMIZERS =
      Map.of(
          "sgd", parameters -> new SGD(parameters, 0.2).momentum(0.8).weightDecay(0.01),
          "adam", parameters -> new Adam(parameters, 0.02).weightDecay(0.01),
          "adamw", parameters -> new AdamW(parameters, 0.02));

  private static final NetworkSpec NETWORK =
      NetworkSpec.parse(
          """
          {"layers": [
            {"type": "Conv2d", "outChannels": 4, "kernelSize": 3, "padding": 1},
            {"type": "ReLU"},
            {"type": "MaxPool2d", "kernelSize": 2},
            {"type": "Flatten"},
            {"type": "Linear", "outFeatures": 17},
            {"type": "Tanh"},
            {"type": "Linear", "outFeatures": 5}]}""");

  @Override
  protected List<ProcessGroup> create(int size, Duration timeout) throws Exception {
    return InProcessGroup.create(size, timeout);
  }

  /** What a step of training does, either way. */
  private interface Stepping extends AutoCloseable {
    void step();

    @Override
    void close();
  }

  private static Stepping whole(
      DistributedDataParallel network, Function<List<Tensor>, Optimizer> make) {
    Optimizer optimizer = make.apply(network.parameters());
    return new Stepping() {
      @Override
      public void step() {
        network.synchronizeGradients();
        optimizer.step();
        optimizer.zeroGrad();
      }

      @Override
      public void close() {
        optimizer.close();
      }
    };
  }

  private static Stepping sharded(
      DistributedDataParallel network, Function<List<Tensor>, Optimizer> make) {
    ZeroRedundancyOptimizer optimizer = new ZeroRedundancyOptimizer(network, make);
    return new Stepping() {
      @Override
      public void step() {
        optimizer.step();
      }

      @Override
      public void close() {
        optimizer.close();
      }
    };
  }

  /** Makes one of the two ways. */
  private interface Way {
    Stepping of(DistributedDataParallel network, Function<List<Tensor>, Optimizer> make);
  }

  /** Every rank's bits, whole and sharded. */
  private void assertSameBits(int size, Function<ProcessGroup, Function<Way, float[]>> training)
      throws Exception {
    List<float[]> expected =
        onEach(size, group -> training.apply(group).apply(ZeroRedundancyOptimizerTest::whole));
    List<float[]> found =
        onEach(size, group -> training.apply(group).apply(ZeroRedundancyOptimizerTest::sharded));
    for (int rank = 0; rank < size; rank++) {
      assertThat(found.get(rank)).as("rank %d", rank).isEqualTo(expected.get(0));
    }
  }

  private static float[] train(
      ProcessGroup group,
      Way way,
      Function<List<Tensor>, Optimizer> make,
      boolean mixed,
      long bucketBytes,
      int... shares) {
    Module module = NETWORK.build(new long[] {2, 6, 6}, new Generator(1 + group.rank()));
    try (DistributedDataParallel network =
            new DistributedDataParallel(module, group, bucketBytes, bucketBytes);
        Stepping stepping = way.of(network, make)) {
      Generator data = new Generator(99);
      for (int step = 0; step < STEPS; step++) {
        try (Scope scope = Scope.open()) {
          Tensor x = Tensor.randn(data, ROWS, 2, 6, 6);
          Tensor y = Tensor.randint(data, 0, 5, ROWS);
          int from = shares[group.rank()];
          int rows = shares[group.rank() + 1] - from;
          if (rows > 0) {
            Tensor loss;
            try (Autocast region = Autocast.enabled(mixed)) {
              Tensor output = network.forward(x.narrow(0, from, rows));
              Tensor labels = y.narrow(0, from, rows);
              loss = F.crossEntropy(output, labels, null, -100, LossReduction.SUM);
            }
            loss.div(ROWS).backward();
          }
          stepping.step();
        }
      }
      return flat(network);
    }
  }

  private static float[] flat(Module module) {
    List<Tensor> flat = module.parameters().stream().map(p -> p.detach().reshape(-1)).toList();
    return Tensor.cat(flat, 0).toFloatArray();
  }

  @Test
  void shardsGiveTheBitsOfTheWhole() throws Exception {
    for (String name : OPTIMIZERS.keySet()) {
      for (int[] shares : SHARES) {
        for (long bucketBytes : new long[] {1, 600, 1 << 20}) {
          assertSameBits(
              shares.length - 1,
              group -> way -> train(group, way, OPTIMIZERS.get(name), false, bucketBytes, shares));
        }
      }
    }
  }

  @Test
  void weightsThatWereCastAreCastAgain() throws Exception {
    assertSameBits(
        2, group -> way -> train(group, way, OPTIMIZERS.get("adam"), true, 600, 0, 7, 12));
  }

  /** Parameters of two types, one of them channels last, one frozen, one without a gradient. */
  private static final class Odd extends Module {
    private final Tensor image =
        parameter(
            "image",
            Tensor.randn(new Generator(1), 2, 3, 2, 5).contiguous(MemoryFormat.CHANNELS_LAST));
    private final Tensor exact =
        parameter("exact", Tensor.randn(new Generator(2), 7).to(DType.FLOAT64));
    private final Tensor frozen = parameter("frozen", Tensor.ones(3)).requiresGrad_(false);
    private final Tensor single = parameter("single", Tensor.of(new float[] {2}));
    private final Tensor seldom = parameter("seldom", Tensor.of(new float[] {3, 4, 5}));
    private final Tensor unused = parameter("unused", Tensor.of(new float[] {6, 7}));

    /** The seldom one is used where the input is above 0. */
    @Override
    public Tensor forward(Tensor input) {
      Tensor sum = image.mul(image).sum().mul(single).mul(input);
      Tensor second = exact.mul(exact).sum().to(DType.FLOAT32).mul(frozen.sum());
      Tensor all = sum.add(second).sum();
      return input.item() > 0 ? all.add(seldom.mul(seldom).sum()) : all;
    }
  }

  private static float[] trainOdd(
      ProcessGroup group, Way way, Function<List<Tensor>, Optimizer> make) {
    Odd odd = new Odd();
    Tensor alias = Scope.detach(odd.frozen.alias());
    try (alias;
        DistributedDataParallel network = new DistributedDataParallel(odd, group);
        Stepping stepping = way.of(network, make)) {
      for (int step = 0; step < 4; step++) {
        try (Scope scope = Scope.open()) {
          // On one rank in the first and third step, on none in the others.
          boolean used = step % 2 == 0 && group.rank() == group.size() - 1;
          network.forward(Tensor.of(new float[] {used ? 0.5f : -0.5f})).backward();
          stepping.step();
        }
      }
      assertThat(alias.storage()).as("frozen").isSameAs(odd.frozen.storage());
      assertThat(odd.unused.toFloatArray()).as("no decay without a gradient").containsExactly(6, 7);
      assertThat(odd.seldom.toFloatArray()[0]).isNotEqualTo(3);
      return flat(network);
    }
  }

  @Test
  void oddParametersAreUpdatedAsTheyWere() throws Exception {
    for (Function<List<Tensor>, Optimizer> make : OPTIMIZERS.values()) {
      for (int size = 1; size <= 3; size++) {
        assertSameBits(size, group -> way -> trainOdd(group, way, make));
      }
    }
  }

  @Test
  void aRankMayHaveNothingToUpdate() throws Exception {
    List<float[]> weights =
        onEach(
            3,
            group -> {
              Linear single = new Linear(1, 1, false, new Generator(1));
              try (DistributedDataParallel network = new DistributedDataParallel(single, group);
                  ZeroRedundancyOptimizer optimizer =
                      new ZeroRedundancyOptimizer(network, parts -> new SGD(parts, 1))) {
                float before = flat(single)[0];
                optimizer.optim().setLearningRate(0.5);
                network.forward(Tensor.ones(1, 1)).sum().backward();
                optimizer.step();
                return new float[] {before, flat(single)[0]};
              }
            });
    for (float[] rank : weights) {
      assertThat(rank[1]).isEqualTo(rank[0] - 0.5f * 3);
    }
  }

  @Test
  void eachRankHoldsItsPartOfTheState() throws Exception {
    int size = 3;
    List<long[]> ranks =
        onEach(
            size,
            group -> {
              Generator generator = new Generator(1);
              Module module =
                  new Sequential(
                      new Linear(50, 30, true, generator), new Linear(30, 7, true, generator));
              try (DistributedDataParallel network = new DistributedDataParallel(module, group);
                  ZeroRedundancyOptimizer optimizer =
                      new ZeroRedundancyOptimizer(network, parts -> new Adam(parts, 0.1))) {
                network.forward(Tensor.ones(2, 50)).sum().backward();
                optimizer.step();
                long[] elements = new long[2];
                optimizer
                    .optim()
                    .stateDict()
                    .forEach(
                        (key, state) -> {
                          if (key.contains("exp_avg")) {
                            elements[0] += state.numel();
                          }
                        });
                elements[1] = network.parameters().stream().mapToLong(Tensor::numel).sum();
                return elements;
              }
            });
    long sum = 0;
    for (long[] rank : ranks) {
      // Two means an element; the gaps between parameters, of 15 elements at most, are in no part.
      assertThat(rank[0]).isBetween(2 * (rank[1] / size - 4 * 15), 2 * (rank[1] / size + 4 * 15));
      sum += rank[0];
    }
    assertThat(sum).isEqualTo(2 * ranks.get(0)[1]);
  }

  @Test
  void parametersOutliveTheirOptimizer() throws Exception {
    onEach(
        2,
        group -> {
          Tensor weight;
          Linear linear = new Linear(3, 5, false, new Generator(1));
          try (DistributedDataParallel network = new DistributedDataParallel(linear, group)) {
            float[] before = flat(network);
            new ZeroRedundancyOptimizer(network, parts -> new SGD(parts, 1)).close();
            assertThat(flat(network)).isEqualTo(before);
            weight = network.parameters().get(0).alias();
          }
          assertThat(weight.sum().item()).isFinite();
          return null;
        });
  }

  @Test
  void whatIsOutOfOrderIsNamed() throws Exception {
    onEach(
        1,
        group -> {
          Linear linear = new Linear(2, 1, true, new Generator(1));
          try (DistributedDataParallel network = new DistributedDataParallel(linear, group)) {
            assertThatThrownBy(
                    () ->
                        new ZeroRedundancyOptimizer(
                            network,
                            parts -> {
                              throw new IllegalStateException("no such optimiser");
                            }))
                .hasMessage("no such optimiser");
            try (ZeroRedundancyOptimizer optimizer =
                new ZeroRedundancyOptimizer(network, parts -> new SGD(parts, 1))) {
              network.forward(Tensor.ones(1, 2)).sum().backward();
              assertThatThrownBy(network::synchronizeGradients)
                  .isInstanceOf(DistributedException.class)
                  .hasMessageContaining("step()");
              assertThatThrownBy(() -> network.forward(Tensor.ones(1, 2)).sum().backward())
                  .isInstanceOf(DistributedException.class)
                  .hasMessageContaining("step() after each");
              optimizer.step();
              assertThat(linear.parameters()).allMatch(parameter -> parameter.grad() == null);
            }
          }
          return null;
        });
  }

  @Test
  void aRankThatFailsEndsTheStepOfTheOthers() throws Exception {
    onEach(
        2,
        group -> {
          Linear linear = new Linear(2, 1, true, new Generator(1));
          try (DistributedDataParallel network = new DistributedDataParallel(linear, group);
              ZeroRedundancyOptimizer optimizer =
                  new ZeroRedundancyOptimizer(network, parts -> new SGD(parts, 1))) {
            if (group.rank() == 1) {
              group.abort(new IllegalStateException("no more rows"));
              return null;
            }
            assertThatThrownBy(
                    () -> {
                      network.forward(Tensor.ones(1, 2)).sum().backward();
                      optimizer.step();
                    })
                .isInstanceOf(DistributedException.class)
                .hasMessageContainingAll("rank 1", "no more rows");
          }
          return null;
        });
  }
}
