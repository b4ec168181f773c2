package io.kindling.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kindling.DTypeException;
import io.kindling.KindlingException;
import io.kindling.autograd.Autograd;
import io.kindling.io.safetensors.Safetensors;
import io.kindling.io.safetensors.SafetensorsFile;
import io.kindling.memory.Scope;
import io.kindling.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class OptimizerTest {
  private static final int STEPS = 6;

  /** The configurations of optim_golden.py, by their names there. */
  private static final Map<String, Function<List<Tensor>, Optimizer>> CONFIGURATIONS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("sgd", p -> new SGD(p, 0.1)),
              Map.entry("sgd-decay", p -> new SGD(p, 0.1).weightDecay(0.05)),
              Map.entry(
                  "sgd-momentum",
                  p -> new SGD(p, 0.1).momentum(0.9).dampening(0.3).weightDecay(0.01)),
              Map.entry("sgd-nesterov", p -> new SGD(p, 0.05).momentum(0.8).nesterov(true)),
              Map.entry(
                  "sgd-maximize",
                  p -> new SGD(p, 0.05).momentum(0.8).weightDecay(0.02).maximize(true)),
              Map.entry("adam", Adam::new),
              Map.entry(
                  "adam-decay", p -> new Adam(p, 0.02).betas(0.8, 0.95).eps(1e-4).weightDecay(0.1)),
              Map.entry("adam-amsgrad", p -> new Adam(p, 0.02).betas(0.5, 0.6).amsgrad(true)),
              Map.entry("adam-maximize", p -> new Adam(p, 0.02).weightDecay(0.1).maximize(true)),
              Map.entry("adamw", p -> new AdamW(p, 0.02)),
              Map.entry(
                  "adamw-amsgrad",
                  p -> new AdamW(p, 0.02).betas(0.5, 0.6).weightDecay(0.3).amsgrad(true))));

  private static SafetensorsFile golden() throws IOException {
    try (InputStream in = OptimizerTest.class.getResourceAsStream("/optim/paths.safetensors")) {
      return Safetensors.read(in.readAllBytes(), "paths.safetensors");
    }
  }

  @Test
  void everyStepIsPyTorchs() throws IOException {
    try (SafetensorsFile golden = golden()) {
      for (String name : CONFIGURATIONS.keySet()) {
        // A few operations a step, each within half a unit in the last place of values up to 5.
        follow(golden, "float32", name, 2e-6);
        follow(golden, "float64", name, 1e-14);
      }
    }
  }

  private static void follow(SafetensorsFile golden, String type, String name, double tolerance) {
    try (Scope scope = Scope.open()) {
      List<Tensor> parameters = parameters(golden, type);
      try (Optimizer optimizer = CONFIGURATIONS.get(name).apply(parameters)) {
        for (int t = 0; t < STEPS; t++) {
          setGradients(golden, type, parameters, t);
          optimizer.step();
          for (int i = 0; i < parameters.size(); i++) {
            String key = type + "." + name + "." + t + "." + i;
            assertThat(parameters.get(i).toDoubleArray())
                .as(key)
                .containsExactly(golden.get(key).toDoubleArray(), within(tolerance));
          }
        }
      }
    }
  }

  private static List<Tensor> parameters(SafetensorsFile golden, String type) {
    List<Tensor> parameters = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      parameters.add(golden.get(type + ".start." + i).clone().requiresGrad_());
    }
    return parameters;
  }

  private static void setGradients(
      SafetensorsFile golden, String type, List<Tensor> parameters, int t) {
    for (int i = 0; i < parameters.size(); i++) {
      boolean none = i == 1 && t == 2;
      parameters.get(i).setGrad(none ? null : golden.get(type + ".gradient." + t + "." + i));
    }
  }

  @Test
  void resumesFromItsStateWithTheSameBits() throws IOException {
    try (SafetensorsFile golden = golden()) {
      for (Map.Entry<String, Function<List<Tensor>, Optimizer>> entry : CONFIGURATIONS.entrySet()) {
        try (Scope scope = Scope.open()) {
          List<Tensor> straight = parameters(golden, "float32");
          List<Tensor> resumed = parameters(golden, "float32");
          try (Optimizer first = entry.getValue().apply(straight)) {
            run(golden, first, straight, 0, 3);
            byte[] saved = bytes(first.stateDict());
            copy(straight, resumed);
            run(golden, first, straight, 3, STEPS);
            try (Optimizer other = entry.getValue().apply(resumed);
                SafetensorsFile state = Safetensors.read(saved, "state")) {
              other.setLearningRate(0.5); // the state brings the right one
              other.loadStateDict(state.tensors());
              run(golden, other, resumed, 3, STEPS);
            }
          }
          for (int i = 0; i < straight.size(); i++) {
            assertThat(resumed.get(i).toFloatArray())
                .as(entry.getKey())
                .isEqualTo(straight.get(i).toFloatArray());
          }
        }
      }
    }
  }

  private static void run(
      SafetensorsFile golden, Optimizer optimizer, List<Tensor> parameters, int from, int to) {
    for (int t = from; t < to; t++) {
      setGradients(golden, "float32", parameters, t);
      optimizer.step();
    }
  }

  private static void copy(List<Tensor> from, List<Tensor> to) {
    try (var off = Autograd.noGrad()) {
      for (int i = 0; i < from.size(); i++) {
        to.get(i).copy_(from.get(i));
      }
    }
  }

  private static byte[] bytes(Map<String, Tensor> tensors) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Safetensors.write(tensors, Map.of(), out);
    return out.toByteArray();
  }

  @Test
  void groupsHaveOptionsOfTheirOwn() {
    try (Scope scope = Scope.open()) {
      Tensor a = Tensor.of(new float[] {1}).requiresGrad_();
      Tensor b = Tensor.of(new float[] {1}).requiresGrad_();
      try (SGD optimizer = new SGD(List.of(a), 0.5)) {
        optimizer.addParamGroup(List.of(b)).set("learningRate", 0.25);
        a.add(b).sum().backward();
        optimizer.step();
        assertThat(a.item()).isEqualTo(0.5);
        assertThat(b.item()).isEqualTo(0.75);
        optimizer.zeroGrad();
        assertThat(a.grad()).isNull();
        optimizer.step();
        assertThat(a.item()).isEqualTo(0.5);
      }
    }
  }

  @Test
  void aStepIsSeenByAutograd() {
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.of(new float[] {2}).requiresGrad_();
      try (SGD optimizer = new SGD(List.of(x), 0.5)) {
        Tensor y = x.mul(x);
        x.setGrad(Tensor.of(new float[] {1}));
        optimizer.step();
        assertThatThrownBy(y::backward).hasMessageContaining("changed in place");
      }
    }
  }

  @Test
  void aGradientInAnotherOrderOfMemoryIsTakenAsItReads() {
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.zeros(2, 3).requiresGrad_();
      Tensor gradient = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 3, 2).t();
      x.setGrad(gradient);
      try (SGD optimizer = new SGD(List.of(x), 1).momentum(0.5)) {
        optimizer.step();
      }
      assertThat(x.toFloatArray()).containsExactly(-1, -3, -5, -2, -4, -6);
    }
  }

  @Test
  void wrongUseSaysWhatToDo() {
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.of(new float[] {2, 3}).requiresGrad_();
      List<Tensor> parameters = List.of(x);
      refused(() -> new SGD(List.of(), 0.1), "needs parameters");
      refused(() -> new SGD(parameters, -1), "learningRate is -1.0");
      refused(() -> new SGD(parameters, Double.NaN), "learningRate is NaN");
      refused(() -> new Adam(parameters).betas(1, 0.9), "beta1 is 1.0");
      refused(() -> new SGD(List.of(x, x), 0.1), "twice");
      refused(() -> new SGD(List.of(x.mul(2)), 0.1), "computed from others");
      refused(() -> new SGD(parameters, 0.1).paramGroups().get(0).set("beta1", 1), "no option");
      assertThatThrownBy(() -> new SGD(List.of(Tensor.of(new long[] {1})), 0.1))
          .isInstanceOf(DTypeException.class);
      x.setGrad(Tensor.of(new float[] {1, 1}));
      refused(() -> new SGD(parameters, 0.1).nesterov(true).step(), "nesterov");
      try (SGD sgd = new SGD(parameters, 0.1);
          Adam adam = new Adam(parameters)) {
        adam.step();
        refused(() -> sgd.loadStateDict(adam.stateDict()), "another optimiser");
        refused(() -> adam.loadStateDict(sgd.stateDict()), "beta1");
      }
    }
  }

  private static void refused(Runnable body, String reason) {
    assertThatThrownBy(body::run)
        .isInstanceOf(KindlingException.class)
        .hasMessageContaining(reason);
  }
}
