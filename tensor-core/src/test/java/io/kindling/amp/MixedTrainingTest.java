package io.kindling.amp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kindling.io.safetensors.Safetensors;
import io.kindling.io.safetensors.SafetensorsFile;
import io.kindling.memory.Scope;
import io.kindling.nn.Module;
import io.kindling.nn.NetworkSpec;
import io.kindling.nn.functional.F;
import io.kindling.op.loss.LossReduction;
import io.kindling.optim.Optimizer;
import io.kindling.optim.SGD;
import io.kindling.tensor.DType;
import io.kindling.tensor.Generator;
import io.kindling.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A small network learns in mixed precision as PyTorch's of amp_golden.py does. */
class MixedTrainingTest {
  private static final NetworkSpec NETWORK =
      NetworkSpec.parse(
          """
          {"layers": [
            {"type": "Conv2d", "outChannels": 4, "kernelSize": 3, "padding": 1},
            {"type": "BatchNorm2d"},
            {"type": "ReLU"},
            {"type": "MaxPool2d", "kernelSize": 2},
            {"type": "Flatten"},
            {"type": "Linear", "outFeatures": 16},
            {"type": "Tanh"},
            {"type": "Linear", "outFeatures": 5}]}""");

  @ParameterizedTest
  @EnumSource(names = {"BFLOAT16", "FLOAT16"})
  void lossesAndScalesArePyTorchs(DType type) throws IOException {
    try (SafetensorsFile golden = golden();
        Scope scope = Scope.open();
        Module network = NETWORK.build(new long[] {2, 6, 8}, new Generator(1));
        Optimizer optimizer = new SGD(network.parameters(), 0.05).momentum(0.9)) {
      network.train();
      network.loadStateDict(part(golden, type + ".before."));
      Tensor x = golden.get(type + ".x").clone();
      Tensor y = golden.get(type + ".y").clone();
      double[] losses = golden.get(type + ".losses").toDoubleArray();
      double[] scales = golden.get(type + ".scales").toDoubleArray();
      GradScaler scaler =
          new GradScaler(type == DType.FLOAT16).initScale(1 << 20).growthInterval(4);
      // What rounding to the type's bits does to a loss of a few numbers about 1.
      double near = type == DType.FLOAT16 ? 2e-3 : 1e-2;
      for (int step = 0; step < losses.length; step++) {
        try (Scope inner = Scope.open()) {
          optimizer.zeroGrad();
          Tensor loss;
          try (var cast = Autocast.enable(type)) {
            Tensor scores = network.forward(x);
            assertThat(scores.dtype()).isEqualTo(type);
            loss = F.crossEntropy(scores, y, null, -100, LossReduction.MEAN);
          }
          assertThat(loss.dtype()).isEqualTo(DType.FLOAT32);
          assertThat(loss.item()).as("loss of step %s", step).isCloseTo(losses[step], within(near));
          scaler.scale(loss).backward();
          scaler.step(optimizer);
          scaler.update();
          assertThat(scaler.getScale()).as("scale after step %s", step).isEqualTo(scales[step]);
        }
      }
      Map<String, Tensor> after = part(golden, type + ".after.");
      network
          .stateDict()
          .forEach(
              (name, tensor) -> {
                Tensor expected = after.get(name);
                assertThat(tensor.dtype()).as(name).isEqualTo(expected.dtype());
                double far = tensor.sub(expected).abs().max().item();
                assertThat(far).as(name).isLessThan(5 * near);
              });
    }
  }

  private static SafetensorsFile golden() throws IOException {
    try (InputStream in =
        MixedTrainingTest.class.getResourceAsStream("/amp/training.safetensors")) {
      return Safetensors.read(in.readAllBytes(), "training");
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
}
