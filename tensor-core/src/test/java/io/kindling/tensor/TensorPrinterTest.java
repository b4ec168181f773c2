package io.kindling.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
      Tensor tensor = tensor(entry);
      assertThat(tensor.toString()).isEqualTo(entry.get("text").asText());
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
      x.close();
      assertThat(x.toString()).isEqualTo("tensor(closed, size=(2,), dtype=torch.float32)");
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
    for (int i = 0; i < count; i++) {
      values[i] = i < given.size() ? number(given.get(i)) : 0;
    }
    if (given.size() < count) {
      double step = values[1] - values[0];
      for (int i = 0; i < count; i++) {
        values[i] = values[0] + step * i;
      }
    }
    Tensor tensor =
        Tensor.of(values, count).view(shape).to(DType.parse(entry.get("dtype").asText()));
    return entry.get("requiresGrad").asBoolean() ? tensor.requiresGrad_() : tensor;
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
