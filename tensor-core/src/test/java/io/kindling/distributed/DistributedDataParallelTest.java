package io.kindling.distributed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.amp.Autocast;
import io.kindling.memory.Scope;
import io.kindling.nn.CrossEntropyLoss;
import io.kindling.nn.Linear;
import io.kindling.nn.Module;
import io.kindling.nn.NetworkSpec;
import io.kindling.nn.Sequential;
import io.kindling.op.loss.LossReduction;
import io.kindling.optim.Optimizer;
import io.kindling.optim.SGD;
import io.kindling.tensor.Generator;
import io.kindling.tensor.Tensor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DistributedDataParallelTest extends GroupTest {
  private static final NetworkSpec NETWORK =
      NetworkSpec.parse(
          """
          {"layers": [
            {"type": "Conv2d", "outChannels": 4, "kernelSize": 3, "padding": 1},
            {"type": "ReLU"},
            {"type": "MaxPool2d", "kernelSize": 2},
            {"type": "Flatten"},
            {"type": "Linear", "outFeatures": 16},
            {"type": "Tanh"},
            {"type": "Linear", "outFeatures": 5}]}""");
  private static final int ROWS = 12;
  private static final int STEPS = 8;

  @Override
  protected List<ProcessGroup> create(int size, Duration timeout) {
    return InProcessGroup.create(size, timeout);
  }

  /** Trains on rows {@code shares[rank]} to {@code shares[rank + 1]} of each global batch. */
  private static float[] train(ProcessGroup group, long bucketBytes, int... shares) {
    return train(group, false, bucketBytes, shares);
  }

  private static float[] train(ProcessGroup group, boolean mixed, long bucketBytes, int... shares) {
    // Each rank draws other initial values; rank 0's must win.
    Module network = NETWORK.build(new long[] {2, 6, 6}, new Generator(1 + group.rank()));
    try (DistributedDataParallel parallel =
            new DistributedDataParallel(network, group, bucketBytes, bucketBytes);
        Optimizer optimizer = new SGD(parallel.parameters(), 0.2).momentum(0.8).weightDecay(0.01)) {
      Generator data = new Generator(99);
      for (int step = 0; step < STEPS; step++) {
        try (Scope scope = Scope.open()) {
          Tensor x = Tensor.randn(data, ROWS, 2, 6, 6);
          Tensor y = Tensor.randint(data, 0, 5, ROWS);
          int from = shares[group.rank()];
          int rows = shares[group.rank() + 1] - from;
          optimizer.zeroGrad();
          if (rows > 0) {
            Tensor loss;
            try (Autocast region = Autocast.enabled(mixed)) {
              Tensor output = parallel.forward(x.narrow(0, from, rows));
              loss =
                  new CrossEntropyLoss(LossReduction.SUM).forward(output, y.narrow(0, from, rows));
            }
            loss.div(ROWS).backward();
          }
          parallel.synchronizeGradients();
          optimizer.step();
        }
      }
      return flat(parallel);
    }
  }

  private static float[] flat(Module module) {
    List<float[]> parts = module.parameters().stream().map(Tensor::toFloatArray).toList();
    float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  @Test
  void ranksThatShareABatchEndWhereOneRankWithAllOfItDoes() throws Exception {
    float[] alone = onEach(1, group -> train(group, 1 << 20, 0, ROWS)).get(0);
    for (int[] shares : new int[][] {{0, 6, 12}, {0, 7, 12}, {0, 12, 12}, {0, 1, 5, 12}}) {
      for (long bucketBytes : new long[] {1, 600, 1 << 20}) {
        List<float[]> ranks = onEach(shares.length - 1, group -> train(group, bucketBytes, shares));
        for (float[] rank : ranks) {
          assertThat(rank).as("all ranks have the same bits").isEqualTo(ranks.get(0));
        }
        double farthest = 0;
        for (int i = 0; i < alone.length; i++) {
          farthest = Math.max(farthest, Math.abs(alone[i] - ranks.get(0)[i]));
        }
        // Eight steps of sums in another order, of values around 1 in float32.
        assertThat(farthest).isLessThan(5e-6);
      }
    }
  }

  @Test
  void gradientsAreSummedInFloat32AfterAMixedForwardPass() throws Exception {
    float[] exact = onEach(1, group -> train(group, 1 << 20, 0, ROWS)).get(0);
    float[] alone = onEach(1, group -> train(group, true, 1 << 20, 0, ROWS)).get(0);
    List<float[]> ranks = onEach(2, group -> train(group, true, 600, 0, 7, 12));
    assertThat(ranks.get(1)).isEqualTo(ranks.get(0));
    double fromAlone = 0;
    double fromExact = 0;
    for (int i = 0; i < alone.length; i++) {
      fromAlone = Math.max(fromAlone, Math.abs(alone[i] - ranks.get(0)[i]));
      fromExact = Math.max(fromExact, Math.abs(exact[i] - ranks.get(0)[i]));
    }
    // Eight steps of gradients that are sums of numbers with eight bits.
    assertThat(fromAlone).isLessThan(0.02);
    assertThat(fromExact).isBetween(1e-4, 0.05);
  }

  @Test
  void theSameSeedGivesTheSameBits() throws Exception {
    List<float[]> first = onEach(3, group -> train(group, 600, 0, 4, 8, 12));
    for (int round = 0; round < 3; round++) {
      assertThat(onEach(3, group -> train(group, 600, 0, 4, 8, 12)).get(0)).isEqualTo(first.get(0));
    }
  }

  /** Uses its second layer on some ranks only, and its third never. */
  private static final class Partial extends Module {
    private final Linear first = child("first", new Linear(2, 2, false, new Generator(1)));
    private final Linear second = child("second", new Linear(2, 2, false, new Generator(2)));
    private final boolean both;

    Partial(boolean both) {
      child("third", new Linear(2, 2, false, new Generator(3)));
      this.both = both;
    }

    @Override
    public Tensor forward(Tensor input) {
      return both ? second.forward(first.forward(input)) : first.forward(input);
    }
  }

  @Test
  void aParameterWithoutGradientTakesPartWithZeros() throws Exception {
    onEach(
        2,
        group -> {
          try (DistributedDataParallel parallel =
              new DistributedDataParallel(new Partial(group.rank() == 1), group, 1, 1)) {
            parallel.forward(Tensor.ones(1, 2)).sum().backward();
            Tensor second = parallel.namedParameters().get("module.second.weight");
            Tensor third = parallel.namedParameters().get("module.third.weight");
            float[] mine = group.rank() == 1 ? second.grad().toFloatArray() : null;
            assertThat(second.grad() == null).isEqualTo(group.rank() == 0);
            parallel.synchronizeGradients();
            assertThat(third.grad()).isNull();
            if (mine != null) {
              assertThat(second.grad().toFloatArray()).isEqualTo(mine);
            }
            assertThat(second.grad()).isNotNull();
          }
          return null;
        });
  }

  /** A real group that notes when all-reduces start. */
  private record Noting(ProcessGroup group, List<String> events) implements ProcessGroup {
    @Override
    public int rank() {
      return group.rank();
    }

    @Override
    public int size() {
      return group.size();
    }

    @Override
    public Work allReduceAsync(Tensor tensor, ReduceOp op) {
      events.add("start " + tensor.numel());
      return group.allReduceAsync(tensor, op);
    }

    @Override
    public Work reduceScatterAsync(Tensor tensor, ReduceOp op) {
      return group.reduceScatterAsync(tensor, op);
    }

    @Override
    public Work allGatherAsync(Tensor tensor) {
      return group.allGatherAsync(tensor);
    }

    @Override
    public void broadcast(Tensor tensor, int root) {
      group.broadcast(tensor, root);
    }

    @Override
    public void barrier() {
      group.barrier();
    }

    @Override
    public void abort(Throwable cause) {
      group.abort(cause);
    }

    @Override
    public void close() {
      group.close();
    }
  }

  @Test
  void lastLayersAreOnTheirWayWhileBackwardIsInTheFirst() throws Exception {
    List<List<String>> all =
        onEach(
            2,
            group -> {
              List<String> events = new ArrayList<>();
              Generator generator = new Generator(1);
              Sequential network =
                  new Sequential(
                      new Linear(3, 4, false, generator), new Linear(4, 5, false, generator));
              try (DistributedDataParallel parallel =
                  new DistributedDataParallel(network, new Noting(group, events), 1, 1)) {
                events.clear();
                Tensor hidden = network.get(0).forward(Tensor.ones(1, 3));
                hidden.registerHook(
                    gradient -> {
                      events.add("first layer");
                      return null;
                    });
                network.get(1).forward(hidden).sum().backward();
                parallel.synchronizeGradients();
              }
              return events;
            });
    // Weights of 20 and 12 elements, each to the end of a cache line; then whether they are there.
    assertThat(all)
        .allSatisfy(
            e -> assertThat(e).containsExactly("start 32", "first layer", "start 16", "start 2"));
  }

  @Test
  void wrongOrderIsNamed() throws Exception {
    onEach(
        1,
        group -> {
          try (DistributedDataParallel parallel =
              new DistributedDataParallel(new Linear(2, 1), group)) {
            parallel.forward(Tensor.ones(1, 2)).sum().backward();
            assertThatThrownBy(() -> parallel.forward(Tensor.ones(1, 2)).sum().backward())
                .isInstanceOf(DistributedException.class)
                .hasMessageContaining("synchronizeGradients");
            parallel.synchronizeGradients();
            assertThatThrownBy(() -> parallel.forward(Tensor.ones(1, 2)).sum().backward())
                .isInstanceOf(DistributedException.class)
                .hasMessageContaining("zeroGrad");
          }
          return null;
        });
  }

  @Test
  void differentNetworksAreRefused() throws Exception {
    onEach(
        2,
        group -> {
          try (Module network = new Linear(2, 1 + group.rank())) {
            assertThatThrownBy(() -> new DistributedDataParallel(network, group))
                .isInstanceOf(DistributedException.class)
                .hasMessageContaining("differ");
          }
          return null;
        });
  }
}
