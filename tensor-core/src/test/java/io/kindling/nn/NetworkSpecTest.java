package io.kindling.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.memory.Scope;
import io.kindling.tensor.Generator;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NetworkSpecTest {
  static final String DIGITS =
      """
      {"layers": [
        {"type": "Conv2d", "outChannels": 16, "kernelSize": 3, "padding": 1},
        {"type": "ReLU"},
        {"type": "MaxPool2d", "kernelSize": 2},
        {"type": "Conv2d", "outChannels": 32, "kernelSize": 3, "padding": 1},
        {"type": "ReLU"},
        {"type": "MaxPool2d", "kernelSize": 2},
        {"type": "Flatten"},
        {"type": "Linear", "outFeatures": 64},
        {"type": "ReLU"},
        {"type": "Linear", "outFeatures": 10}]}""";

  @Test
  void inputSizesFollowFromTheShapeOfTheInput() {
    try (Module network = NetworkSpec.parse(DIGITS).build(new long[] {1, 8, 8}, new Generator(1));
        Scope scope = Scope.open()) {
      assertThat(network.isTraining()).isTrue();
      assertThat(network.stateDict().get("7.weight").shape().toArray()).containsExactly(64, 128);
      assertThat(network.forward(Tensor.zeros(3, 1, 8, 8)).shape().toArray())
          .containsExactly(3, 10);
      assertThat(OutputShape.of(network, Shape.of(1, 8, 8)).toArray()).containsExactly(10);
    }
  }

  @Test
  void theSameSeedDrawsTheSameValues() {
    NetworkSpec spec = NetworkSpec.parse(DIGITS);
    try (Module a = spec.build(new long[] {1, 8, 8}, new Generator(5));
        Module b = spec.build(new long[] {1, 8, 8}, new Generator(5));
        Module c = spec.build(new long[] {1, 8, 8}, new Generator(6))) {
      a.stateDict()
          .forEach(
              (key, tensor) -> {
                assertThat(b.stateDict().get(key).toFloatArray()).isEqualTo(tensor.toFloatArray());
                assertThat(c.stateDict().get(key).toFloatArray())
                    .isNotEqualTo(tensor.toFloatArray());
              });
    }
  }

  @Test
  void aNetworkMadeInCodeGivesTheJsonThatMakesIt() {
    try (Sequential network =
            new Sequential(
                new Conv2d(1, 4, 3, 1, 1),
                new BatchNorm2d(4),
                new ReLU(),
                new MaxPool2d(2),
                new Dropout(0.25),
                new Sequential(new Tanh(), new Sigmoid(), new Identity()),
                new Flatten(),
                new Linear(64, 10),
                new LogSoftmax(1),
                new Softmax(-1));
        Module again =
            NetworkSpec.parse(network.networkSpec().toJson())
                .build(new long[] {1, 8, 8}, new Generator(1))) {
      assertThat(again).hasToString(network.toString());
      assertThat(((Sequential) again).networkSpec()).isEqualTo(network.networkSpec());
    }
  }

  /** A network of one's own, with a width. */
  public static final class Own extends Module {
    private final Linear hidden;
    private final Linear output;

    Own(int inputs, int width, Generator generator) {
      hidden = child("hidden", new Linear(inputs, width, true, generator));
      output = child("output", new Linear(width, 2, false, generator));
    }

    public static Own fromSpec(LayerSpec spec) {
      return new Own(spec.sizeOfInput("inputs", 0), spec.size("width"), spec.generator());
    }

    @Override
    public Tensor forward(Tensor input) {
      return output.forward(hidden.forward(input).relu());
    }
  }

  @Test
  void aClassOfOnesOwn() {
    String json = "{\"class\": \"%s\", \"args\": {\"width\": 7}}".formatted(Own.class.getName());
    try (Module network = NetworkSpec.parse(json).build(new long[] {3}, new Generator(1))) {
      assertThat(network).isInstanceOf(Own.class);
      assertThat(network.stateDict().keySet())
          .containsExactly("hidden.weight", "hidden.bias", "output.weight");
      assertThat(network)
          .hasToString(
              """
              Own(
                (hidden): Linear(in_features=3, out_features=7, bias=True)
                (output): Linear(in_features=7, out_features=2, bias=False)
              )""");
      assertThatThrownBy(network::toSpec).hasMessageContaining("\"class\"");
    }
    String layers =
        "{\"layers\": [{\"type\": \"Flatten\"}, {\"type\": \"%s\", \"width\": 4}]}"
            .formatted(Own.class.getName());
    try (Module network = NetworkSpec.parse(layers).build(new long[] {3, 2}, new Generator(1))) {
      assertThat(network.stateDict().get("1.hidden.weight").shape().toArray())
          .containsExactly(4, 6);
    }
  }

  /** Not a module; must not be initialised by a description that names it. */
  static final class Trap {
    static {
      System.setProperty("kindling.test.trap", "sprung");
    }
  }

  @Test
  void aClassThatIsNoModuleIsNotInitialised() {
    refused("{\"class\": \"" + Trap.class.getName() + "\"}", "is no module");
    assertThat(System.getProperty("kindling.test.trap")).isNull();
    refused("{\"class\": \"com.acme.Absent\"}", "network (com.acme.Absent)", "class path");
    refused("{\"class\": \"" + Plain.class.getName() + "\"}", "fromSpec");
    refused("{\"class\": \"" + Own.class.getName() + "\"}", "'width' is missing");
    refused(
        "{\"class\": \"" + Own.class.getName() + "\", \"args\": {\"width\": 2, \"depth\": 3}}",
        "unknown keys [depth]",
        "[inputs, width]");
  }

  /** A module without fromSpec. */
  static final class Plain extends Module {
    @Override
    public Tensor forward(Tensor input) {
      return input;
    }
  }

  @Test
  void errorsNameTheLayerTheKeyAndTheRemedy() {
    refused("", "JSON object");
    refused("{\"layers\": [}", "no valid JSON", "line 1, column");
    refused("{\"layers\": [], \"layers\": []}", "Duplicate");
    refused("{\"layers\": []} 3", "no valid JSON");
    refused("[]", "must be a JSON object");
    refused("{\"layer\": []}", "[layer]", "\"layers\"");
    refused("{\"onnx\": \"a.onnx\"}", "ONNX");
    refused("{\"layers\": 3}", "network (Sequential)", "'layers' is 3");
    refused("{\"layers\": [], \"name\": 3}", "unknown keys [name]");
    refused("{\"layers\": [3]}", "layer 0", "with a type");
    refused("{\"layers\": [{\"type\": 3}]}", "layer 0", "with a type");
    layer("{\"type\": \"conv2d\"}", "layer 1 (conv2d)", "Conv2d", "full name");
    layer("{\"type\": \"Module\"}", "layer 1 (Module)", "fromSpec");
    layer("{\"type\": \"Loss\"}", "layer 1 (Loss)", "no module");
    layer("{\"type\": \"../Conv2d\"}", "layer 1 (../Conv2d)");
    layer("{\"type\": \"Conv2d\", \"kernelSize\": 3}", "layer 1 (Conv2d)", "'outChannels'");
    layer(
        "{\"type\": \"Conv2d\", \"outChannels\": 4, \"kernelSize\": 3, \"pading\": 1}",
        "layer 1 (Conv2d)",
        "unknown keys [pading]",
        "padding");
    layer(
        "{\"type\": \"Conv2d\", \"outChannels\": 4, \"kernelSize\": 3, \"inChannels\": 3}",
        "'inChannels' is 3",
        "becomes 2");
    layer("{\"type\": \"Conv2d\", \"outChannels\": 0, \"kernelSize\": 3}", "'outChannels' is 0");
    layer("{\"type\": \"Conv2d\", \"outChannels\": 4, \"kernelSize\": [3]}", "'kernelSize' is [3]");
    layer(
        "{\"type\": \"Conv2d\", \"outChannels\": 4, \"kernelSize\": 3, \"bias\": 1}",
        "'bias' is 1");
    layer(
        "{\"type\": \"Conv2d\", \"outChannels\": 3, \"kernelSize\": 3, \"groups\": 2}",
        "layer 1 (Conv2d)",
        "groups = 2");
    layer(
        "{\"type\": \"Conv2d\", \"outChannels\": 3, \"kernelSize\": 30}",
        "layer 1 (Conv2d)",
        "[2, 8, 8]");
    layer("{\"type\": \"Dropout\", \"p\": 2}", "layer 1 (Dropout)", "'p' is 2.0");
    layer("{\"type\": \"Dropout\", \"p\": \"half\"}", "'p' is \"half\"");
    layer("{\"type\": \"Flatten\", \"startDim\": 1.5}", "'startDim' is 1.5");
    layer("{\"type\": \"Flatten\", \"startDim\": 9}", "layer 1 (Flatten)", "[2, 8, 8]");
    layer("{\"type\": \"Flatten\", \"startDim\": 0}", "layer 1 (Flatten)", "batch");
    layer(
        "{\"type\": \"Sequential\", \"layers\": [{\"type\": \"ReLU\"}, {\"type\": \"Linear\"}]}",
        "layer 1.1 (Linear)",
        "'outFeatures'");
  }

  /** The wrong layer stands behind one that owns memory, which must be freed. */
  private static void layer(String layer, String... parts) {
    String first = "{\"type\": \"Conv2d\", \"outChannels\": 2, \"kernelSize\": 1}";
    refused("{\"layers\": [" + first + ", " + layer + "]}", parts);
  }

  private static void refused(String json, String... parts) {
    assertThatThrownBy(
            () -> NetworkSpec.parse(json).build(new long[] {1, 8, 8}, new Generator(1)).close())
        .as(json)
        .isInstanceOf(NetworkException.class)
        .satisfies(e -> assertThat(e.getMessage()).contains(parts));
  }

  @Test
  void specsAreComparedByContent() {
    assertThat(NetworkSpec.parse(DIGITS)).isEqualTo(NetworkSpec.parse(DIGITS.replace(" ", "")));
    assertThat(NetworkSpec.of(Map.of("layers", java.util.List.of())))
        .isEqualTo(NetworkSpec.parse("{\"layers\": []}"));
  }
}
