package io.kindling.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kindling.autograd.Autograd;
import io.kindling.memory.Scope;
import io.kindling.tensor.DType;
import io.kindling.tensor.Generator;
import io.kindling.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class ModuleTest {
  /** Two layers that share one weight, and a buffer. */
  private static final class Shared extends Module {
    private final Tensor table;
    private final Linear first = child("first", new Linear(3, 3, true, new Generator(1)));

    Shared() {
      table = parameter("table", Tensor.ones(3));
      parameter("again", table);
      buffer("count", Tensor.full(2, DType.INT64));
      parameter("absent", null);
    }

    @Override
    public Tensor forward(Tensor input) {
      return first.forward(input).mul(table);
    }

    void registerTwice() {
      parameter("table", null);
    }
  }

  @Test
  void parametersOutliveTheScopeTheyWereMadeIn() {
    Module network;
    try (Scope scope = Scope.open()) {
      network = new Sequential(new Linear(2, 1), new BatchNorm2d(3));
    }
    assertThat(network.parameters()).allMatch(Tensor::requiresGrad).allMatch(p -> !p.isClosed());
    assertThat(network.buffers()).noneMatch(Tensor::requiresGrad).allMatch(b -> !b.isClosed());
    network.close();
    assertThat(network.stateDict().values()).allMatch(Tensor::isClosed);
  }

  @Test
  void namesAndOrderArePyTorchs() {
    try (Module module = new Shared()) {
      assertThat(module.namedParameters().keySet())
          .containsExactly("table", "first.weight", "first.bias");
      assertThat(module.stateDict().keySet())
          .containsExactly("table", "again", "count", "first.weight", "first.bias");
      assertThat(module.namedBuffers().keySet()).containsExactly("count");
      assertThat(module.namedModules().keySet()).containsExactly("", "first");
      assertThatThrownBy(() -> ((Shared) module).registerTwice())
          .isInstanceOf(NetworkException.class)
          .hasMessageContaining("'table'");
    }
  }

  @Test
  void modesReachEveryModule() {
    try (Sequential network = new Sequential(new ReLU(), new Sequential(new Dropout(0.5)))) {
      network.eval();
      assertThat(network.namedModules().values()).noneMatch(Module::isTraining);
      network.train();
      assertThat(network.namedModules().values()).allMatch(Module::isTraining);
    }
  }

  @Test
  void gradientsAreDroppedAndParametersFrozen() {
    try (Module network = new Linear(2, 1);
        Scope scope = Scope.open()) {
      network.forward(Tensor.ones(1, 2)).sum().backward();
      assertThat(network.parameters()).allMatch(p -> p.grad() != null);
      network.zeroGrad();
      assertThat(network.parameters()).allMatch(p -> p.grad() == null);
      network.requiresGrad_(false);
      assertThat(network.forward(Tensor.ones(1, 2)).requiresGrad()).isFalse();
    }
  }

  @Test
  void weightsThatDoNotFitChangeNothing() {
    try (Module network = new Linear(2, 1);
        Scope scope = Scope.open()) {
      float[] before = network.stateDict().get("weight").toFloatArray();
      Map<String, Tensor> state = new LinkedHashMap<>();
      state.put("weight", Tensor.ones(1, 2));
      refused(network, state, "missing: [bias]");
      state.put("bias", Tensor.ones(2));
      refused(network, state, "bias is [2] there and [1] here");
      state.put("bias", Tensor.ones(1));
      state.put("extra", Tensor.ones(1));
      refused(network, state, "unknown: [extra]");
      assertThat(network.stateDict().get("weight").toFloatArray()).isEqualTo(before);
      state.remove("extra");
      state.put("weight", Tensor.ones(1, 2).to(DType.FLOAT64));
      network.loadStateDict(state);
      assertThat(network.stateDict().get("weight").toFloatArray()).containsExactly(1, 1);
      assertThat(network.stateDict().get("weight").dtype()).isEqualTo(DType.FLOAT32);
    }
  }

  private static void refused(Module network, Map<String, Tensor> state, String reason) {
    assertThatThrownBy(() -> network.loadStateDict(state))
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void dropoutKeepsTheMeanWhileTrainingAndDoesNothingInEvalMode() {
    try (Module dropout = new Dropout(0.25, new Generator(3));
        Scope scope = Scope.open()) {
      Tensor x = Tensor.ones(10_000).requiresGrad_();
      Tensor y = dropout.forward(x);
      long zeros = countOf(y, 0);
      // Six standard deviations of a binomial count.
      assertThat(zeros).isCloseTo(2500, within(260L));
      assertThat(countOf(y, 1 / 0.75f)).isEqualTo(10_000 - zeros);
      y.sum().backward();
      assertThat(x.grad().toFloatArray()).isEqualTo(y.toFloatArray());
      assertThat(dropout.forward(x).toFloatArray()).isNotEqualTo(y.toFloatArray());
      dropout.eval();
      assertThat(dropout.forward(x)).isSameAs(x);
    }
    try (Scope scope = Scope.open()) {
      assertThat(new Dropout(1).forward(Tensor.ones(5)).toFloatArray()).containsOnly(0);
      assertThat(new Dropout(0).forward(Tensor.ones(5)).toFloatArray()).containsOnly(1);
    }
  }

  @Test
  void threadsShareANetworkInEvalMode() throws Exception {
    NetworkSpec spec =
        NetworkSpec.parse(
            NetworkSpecTest.DIGITS.replace(
                "{\"type\": \"ReLU\"}", "{\"type\": \"Dropout\"}, {\"type\": \"Tanh\"}"));
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (Module network = spec.build(new long[] {1, 8, 8}, new Generator(1));
        Tensor input = Tensor.randn(new Generator(2), 5, 1, 8, 8)) {
      network.eval();
      List<Future<float[]>> outputs = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        outputs.add(
            threads.submit(
                () -> {
                  try (Scope scope = Scope.open();
                      var off = Autograd.noGrad()) {
                    return network.forward(input).toFloatArray();
                  }
                }));
      }
      float[] first = outputs.get(0).get();
      for (Future<float[]> output : outputs) {
        assertThat(output.get()).isEqualTo(first);
      }
    } finally {
      threads.shutdown();
    }
  }

  private static long countOf(Tensor tensor, float value) {
    long count = 0;
    for (float element : tensor.toFloatArray()) {
      count += element == value ? 1 : 0;
    }
    return count;
  }

  @Test
  void numbersArePrintedAsPythonPrintsThem() {
    double[] numbers = {1e-5, 0.1, 1, 1.5e-7, 123456.5, 1e16, -2e-10, 0, 0.0001};
    assertThat(Arrays.stream(numbers).mapToObj(Repr::of))
        .containsExactly(
            "1e-05", "0.1", "1.0", "1.5e-07", "123456.5", "1e+16", "-2e-10", "0.0", "0.0001");
  }
}
