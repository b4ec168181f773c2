package io.kindling.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kindling.AutogradException;
import io.kindling.memory.Scope;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs the programs of {@code src/test/python/in_place.py} and compares with PyTorch. */
class InPlaceProgramsTest {
  static Stream<JsonNode> programs() throws IOException {
    try (InputStream in = InPlaceProgramsTest.class.getResourceAsStream("/golden/in_place.json")) {
      return StreamSupport.stream(new ObjectMapper().readTree(in).spliterator(), false);
    }
  }

  @ParameterizedTest(name = "{index}")
  @MethodSource("programs")
  void agreesWithPyTorch(JsonNode program) {
    int steps = program.get("steps").size();
    int refused = program.has("refused") ? program.get("refused").asInt() : -1;
    try (Scope scope = Scope.open()) {
      List<Tensor> leaves = List.of(leaf(0), leaf(1));
      if (refused >= 0 && refused < steps) {
        AtomicInteger done = new AtomicInteger();
        assertThatThrownBy(() -> run(program, leaves, done)).isInstanceOf(AutogradException.class);
        assertThat(done).hasValue(refused);
      } else if (refused == steps) {
        checkRefusal(program, leaves);
      } else {
        Tensor loss = run(program, leaves);
        assertThat(loss.item()).isCloseTo(program.get("loss").asDouble(), within(1e-9));
        checkGradients(gradients(loss, leaves), program.get("gradients"));
      }
    }
  }

  /** Refuses too, or knows the right gradients because it has kept a copy. */
  private static void checkRefusal(JsonNode program, List<Tensor> leaves) {
    Tensor loss = run(program, leaves);
    try {
      gradients(loss, leaves);
    } catch (AutogradException refusal) {
      assertThat(refusal).hasMessageContaining("changed in place");
      return;
    }
    GradCheck.gradcheck(again -> List.of(run(program, again)), leaves);
  }

  private static List<Tensor> gradients(Tensor loss, List<Tensor> leaves) {
    return Autograd.grad(List.of(loss), leaves, null, false, false, true);
  }

  private static void checkGradients(List<Tensor> found, JsonNode expected) {
    for (int i = 0; i < 2; i++) {
      Tensor gradient = found.get(i);
      double[] values = gradient == null ? new double[12] : gradient.toDoubleArray();
      for (int j = 0; j < 12; j++) {
        double want = expected.get(i).get(j).asDouble();
        assertThat(values[j])
            .as("gradient of leaf " + i + " at " + j)
            .isCloseTo(want, within(1e-9 * (1 + Math.abs(want))));
      }
    }
  }

  private static Tensor run(JsonNode program, List<Tensor> leaves) {
    return run(program, leaves, new AtomicInteger());
  }

  /** Runs the steps, counting those done, and returns the loss. */
  private static Tensor run(JsonNode program, List<Tensor> leaves, AtomicInteger done) {
    List<Tensor> tensors = new ArrayList<>(leaves);
    tensors.add(leaves.get(0).mul(1.5));
    tensors.add(Tensor.zeros(Shape.of(3, 4), DType.FLOAT64, Device.CPU));
    for (JsonNode step : program.get("steps")) {
      apply(step, tensors);
      done.incrementAndGet();
    }
    return loss(tensors);
  }

  private static Tensor leaf(int number) {
    double[] values = new double[12];
    for (int i = 0; i < 12; i++) {
      values[i] = Math.sin(1 + 0.7 * i + number);
    }
    return Tensor.of(values, 3, 4).requiresGrad_();
  }

  private static Tensor loss(List<Tensor> tensors) {
    Tensor loss = Tensor.full(0, DType.FLOAT64);
    for (int k = 0; k < tensors.size(); k++) {
      Tensor tensor = tensors.get(k);
      Tensor steps = Tensor.arange(tensor.numel()).to(DType.FLOAT64);
      Tensor pattern = steps.mul(0.37).add(k).cos().view(tensor.shape().toArray());
      loss = loss.add(tensor.mul(pattern).sum());
    }
    return loss;
  }

  private static void apply(JsonNode step, List<Tensor> tensors) {
    String name = step.get(0).asText();
    Tensor a = tensors.get(step.get(1).asInt());
    Tensor result =
        switch (name) {
          case "mul" -> a.mul(other(step, tensors));
          case "scale" -> a.mul(step.get(2).asDouble());
          case "tanh" -> a.tanh();
          case "transpose" -> a.transpose(0, -1);
          case "select" -> a.select(step.get(2).asInt(), step.get(3).asInt());
          case "narrow" -> a.narrow(step.get(2).asInt(), step.get(3).asInt(), step.get(4).asInt());
          case "unsqueeze" -> a.unsqueeze(step.get(2).asInt());
          case "flatten" -> a.view(-1);
          case "detach" -> a.detach();
          case "scale_" -> a.mul_(step.get(2).asDouble());
          case "shift_" -> a.add_(step.get(2).asDouble());
          case "mul_" -> a.mul_(other(step, tensors));
          case "add_" -> a.add_(other(step, tensors));
          case "copy_" -> a.copy_(other(step, tensors));
          default -> throw new AssertionError("unknown step " + name);
        };
    if (!name.endsWith("_")) {
      tensors.add(result);
    }
  }

  private static Tensor other(JsonNode step, List<Tensor> tensors) {
    return tensors.get(step.get(2).asInt());
  }
}
