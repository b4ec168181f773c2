package io.kindling.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kindling.io.safetensors.Safetensors;
import io.kindling.io.safetensors.SafetensorsFile;
import io.kindling.memory.Scope;
import io.kindling.tensor.DType;
import io.kindling.tensor.Generator;
import io.kindling.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The networks of nn_golden.py against PyTorch's results. */
class NetworkGoldenTest {
  private static final Map<String, String> SPECS =
      Map.of(
          "convolutional",
          """
          {"layers": [
            {"type": "Conv2d", "outChannels": 4, "kernelSize": 3, "padding": 1},
            {"type": "BatchNorm2d"},
            {"type": "ReLU"},
            {"type": "MaxPool2d", "kernelSize": 2},
            {"type": "Conv2d", "outChannels": 6, "kernelSize": [3, 2], "stride": [2, 1],
             "padding": [1, 0], "groups": 2, "bias": false},
            {"type": "BatchNorm2d", "eps": 1e-3, "momentum": 0.3, "affine": false},
            {"type": "Tanh"},
            {"type": "Flatten"},
            {"type": "Linear", "outFeatures": 5}]}""",
          "plain",
          """
          {"layers": [
            {"type": "Identity"},
            {"type": "Sequential", "layers": [
              {"type": "Linear", "inFeatures": 6, "outFeatures": 8},
              {"type": "Sigmoid"},
              {"type": "Linear", "outFeatures": 4, "bias": false}]},
            {"type": "Softmax"},
            {"type": "Dropout", "p": 0},
            {"type": "LogSoftmax", "dim": 1}]}""",
          "pooling",
          """
          {"layers": [
            {"type": "MaxPool2d", "kernelSize": 3, "stride": 2, "padding": 1, "ceilMode": true},
            {"type": "Conv2d", "outChannels": 3, "kernelSize": 3, "padding": 2, "dilation": 2},
            {"type": "MaxPool2d", "kernelSize": [2, 1]},
            {"type": "Flatten", "startDim": 1, "endDim": 2}]}""");

  @ParameterizedTest
  @CsvSource({"convolutional", "plain", "pooling"})
  void aTrainingStepIsPyTorchs(String name) throws IOException {
    try (SafetensorsFile golden = golden(name);
        Scope scope = Scope.open();
        Module network = build(name, golden)) {
      network.eval();
      assertThat(network).hasToString(golden.metadata().get("repr"));
      network.train();
      assertThat(network.stateDict().keySet())
          .containsExactlyInAnyOrderElementsOf(part(golden, "before.").keySet());
      network.loadStateDict(part(golden, "before."));

      Tensor input = golden.get("input").clone().requiresGrad_();
      Tensor output = network.forward(input);
      same(output, golden, "output");
      Tensor target = golden.get("target");
      Loss criterion = target.dtype() == DType.INT64 ? new CrossEntropyLoss() : new MSELoss();
      Tensor loss = criterion.forward(output, target);
      same(loss, golden, "loss");
      loss.backward();

      same(input.grad(), golden, "gradient.input");
      network
          .namedParameters()
          .forEach((key, parameter) -> same(parameter.grad(), golden, "gradient." + key));
      network.stateDict().forEach((key, tensor) -> same(tensor, golden, "after." + key));
      network.eval();
      same(network.forward(input), golden, "eval");
      network.stateDict().forEach((key, tensor) -> same(tensor, golden, "after." + key));
    }
  }

  private static Module build(String name, SafetensorsFile golden) {
    long[] batch = golden.get("input").shape().toArray();
    long[] example = Arrays.copyOfRange(batch, 1, batch.length);
    return NetworkSpec.parse(SPECS.get(name)).build(example, new Generator(1));
  }

  private static SafetensorsFile golden(String name) throws IOException {
    String file = "/nn/" + name + ".safetensors";
    try (InputStream in = NetworkGoldenTest.class.getResourceAsStream(file)) {
      return Safetensors.read(in.readAllBytes(), file);
    }
  }

  private static Map<String, Tensor> part(SafetensorsFile golden, String prefix) {
    Map<String, Tensor> part = new LinkedHashMap<>();
    golden
        .tensors()
        .forEach(
            (key, tensor) -> {
              if (key.startsWith(prefix)) {
                part.put(key.substring(prefix.length()), tensor);
              }
            });
    return part;
  }

  /** Float32 through a few layers of sums of up to 50 products of values around 1. */
  private static void same(Tensor found, SafetensorsFile golden, String key) {
    Tensor expected = golden.get(key);
    assertThat(found.shape()).as(key).isEqualTo(expected.shape());
    assertThat(found.dtype()).as(key).isEqualTo(expected.dtype());
    assertThat(found.toDoubleArray())
        .as(key)
        .containsExactly(expected.toDoubleArray(), within(5e-6));
  }
}
