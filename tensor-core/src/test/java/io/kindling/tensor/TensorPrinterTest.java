package io.kindling.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kindling.KindlingException;
import io.kindling.memory.Scope;
import java.io.IOException;
import java.io.InputStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TensorPrinterTest {
  /** What {@code src/test/python/printed.py} wrote. */
  static Stream<Arguments> printed() throws IOException {
    try (InputStream in = TensorPrinterTest.class.getResourceAsStream("/golden/printed.json")) {
      JsonNode entries = new ObjectMapper().readTree(in);
      return StreamSupport.stream(entries.spliterator(), false)
          .map(e -> Arguments.of(e.get("dtype").asText() + e.get("shape"), e));
    }
  }

  @ParameterizedTest(name = "{index} {0}")
  @MethodSource("printed")
  void printsAsPyTorch(String name, JsonNode entry) {
    try (Scope scope = Scope.open()) {
      PrintOptions.set(options(entry));
      assertThat(tensor(entry).toString()).isEqualTo(entry.get("text").asText());
    } finally {
      PrintOptions.set(PrintOptions.DEFAULT);
    }
  }

  @ParameterizedTest(name = "{index} {0}")
  @MethodSource("printed")
  void theOrderInMemoryDoesNotShow(String name, JsonNode entry) {
    try (Scope scope = Scope.open()) {
      Tensor tensor = tensor(entry).detach();
      int last = tensor.dim() - 1;
      Tensor turned = last < 1 ? tensor : tensor.transpose(0, last).contiguous().transpose(0, last);
      assertThat(turned.toString()).isEqualTo(tensor.toString());
    }
  }

  @Test
  void saysWhatMadeItAndWhetherItIsClosed() {
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.of(new float[] {1, 2}).requiresGrad_();
      assertThat(x.mul(2).toString()).isEqualTo("tensor([2., 4.], grad_fn=<MulBackward0>)");
      assertThat(PrintOptions.get()).isEqualTo(PrintOptions.DEFAULT);
      assertThatThrownBy(() -> PrintOptions.DEFAULT.withPrecision(-1))
          .isInstanceOf(KindlingException.class)
          .hasMessageContaining("precision -1");
      x.close();
      assertThat(x.toString()).isEqualTo("tensor(closed, size=(2,), dtype=torch.float32)");
    }
  }

  @Test
  void moreElementsThanAnArrayHolds() {
    try (Scope scope = Scope.open()) {
      Tensor wide = Tensor.of(new float[] {7}).expand(1L << 33);
      assertThat(wide.toString()).isEqualTo("tensor([7., 7., 7.,  ..., 7., 7., 7.])");
    }
  }

  private static Tensor tensor(JsonNode entry) {
    long[] shape =
        StreamSupport.stream(entry.get("shape").spliterator(), false)
            .mapToLong(JsonNode::asLong)
            .toArray();
    int count = (int) Shape.of(shape).numel();
    JsonNode given = entry.get("values");
    double[] values = new double[count];
    boolean mixed = entry.has("mixed");
    for (int i = 0; i < count; i++) {
      if (mixed) {
        int times = (int) (i * 7919L % entry.get("mixed").asInt());
        values[i] = number(given.get(0)) + number(given.get(1)) * times;
      } else if (given.size() < count) {
        values[i] = number(given.get(0)) + (number(given.get(1)) - number(given.get(0))) * i;
      } else {
        values[i] = number(given.get(i));
      }
    }
    Tensor tensor =
        Tensor.of(values, count).view(shape).to(DType.parse(entry.get("dtype").asText()));
    if (entry.get("requiresGrad").asBoolean()) {
      tensor.requiresGrad_();
    }
    return entry.has("computed") ? tensor.mul(1.0) : tensor;
  }

  private static PrintOptions options(JsonNode entry) {
    PrintOptions options = PrintOptions.DEFAULT;
    JsonNode given = entry.path("options");
    if (given.has("profile")) {
      boolean brief = given.get("profile").asText().equals("short");
      options = brief ? PrintOptions.SHORT : PrintOptions.FULL;
    }
    if (given.has("precision")) {
      options = options.withPrecision(given.get("precision").asInt());
    }
    if (given.has("threshold")) {
      options = options.withThreshold(given.get("threshold").asLong());
    }
    if (given.has("edgeitems")) {
      options = options.withEdgeItems(given.get("edgeitems").asInt());
    }
    if (given.has("linewidth")) {
      options = options.withLineWidth(given.get("linewidth").asInt());
    }
    if (given.has("sci_mode")) {
      options = options.withSciMode(given.get("sci_mode").asBoolean());
    }
    return options;
  }

  private static double number(JsonNode text) {
    return switch (text.asText()) {
      case "nan" -> Double.NaN;
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text.asText());
    };
  }
}
