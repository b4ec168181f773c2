package io.kindling.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kindling.AutogradException;
import io.kindling.KindlingException;
import io.kindling.memory.Scope;
import io.kindling.memory.Storage;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
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
      if (refused == steps || program.has("computed")) {
        checkRefusal(in -> List.of(run(program, in)), leaves);
      } else if (refused >= 0) {
        AtomicInteger done = new AtomicInteger();
        assertThatThrownBy(() -> run(program, leaves, done)).isInstanceOf(KindlingException.class);
        assertThat(done).hasValue(refused);
      } else {
        Tensor loss = run(program, leaves);
        assertThat(loss.item()).isCloseTo(program.get("loss").asDouble(), within(1e-9));
        checkGradients(gradients(loss, leaves), program.get("gradients"));
      }
    }
  }

  /** Running a part again must see what its writes in place did, and no writes but its own. */
  @ParameterizedTest(name = "{index}")
  @MethodSource("programs")
  void agreesWhenItIsRunAgainForBackward(JsonNode program) {
    int steps = program.get("steps").size();
    int refused = program.has("refused") ? program.get("refused").asInt() : -1;
    Function<List<Tensor>, List<Tensor>> twice =
        in -> Checkpoint.checkpoint(part -> List.of(run(program, part)), in);
    try (Scope scope = Scope.open()) {
      List<Tensor> leaves = List.of(leaf(0), leaf(1));
      if (refused == steps || program.has("computed")) {
        checkRefusal(twice, leaves);
      } else if (refused >= 0) {
        assertThatThrownBy(() -> twice.apply(leaves)).isInstanceOf(KindlingException.class);
      } else {
        int untouched = leaves.get(0).storage().version();
        Tensor loss = twice.apply(leaves).get(0);
        if (leaves.stream().allMatch(leaf -> leaf.storage().version() == untouched)) {
          checkGradients(gradients(loss, leaves), program.get("gradients"));
        } else {
          assertThatThrownBy(() -> gradients(loss, leaves))
              .isInstanceOf(AutogradException.class)
              .hasMessageContaining("checkpoint: input")
              .hasMessageContaining("changed in place");
        }
      }
    }
  }

  /** Refuses too, or knows the right gradients, as where it has kept a copy. */
  private static void checkRefusal(
      Function<List<Tensor>, List<Tensor>> program, List<Tensor> leaves) {
    try {
      gradients(program.apply(leaves).get(0), leaves);
    } catch (KindlingException refusal) {
      assertThat(refusal).hasMessageMatching(".*(changed in place|clone\\(\\) it first).*");
      return;
    }
    GradCheck.gradcheck(program, leaves);
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
    Map<Storage, Integer> versions = new IdentityHashMap<>();
    tensors.forEach(tensor -> versions.put(tensor.storage(), tensor.storage().version()));
    for (JsonNode step : program.get("steps")) {
      Tensor result = apply(step, tensors);
      if (!isWrite(step)) {
        tensors.add(result);
        versions.putIfAbsent(result.storage(), result.storage().version());
      }
      done.incrementAndGet();
    }
    for (int i = 0; program.has("facts") && i < tensors.size(); i++) {
      Tensor tensor = tensors.get(i);
      JsonNode facts = program.get("facts").get(i);
      int version = tensor.storage().version() - versions.get(tensor.storage());
      assertThat(version).as("version of tensor " + i).isEqualTo(facts.get(0).asInt());
      assertThat(tensor.requiresGrad())
          .as("requiresGrad " + i)
          .isEqualTo(facts.get(1).asInt() == 1);
      assertThat(tensor.isLeaf()).as("isLeaf " + i).isEqualTo(facts.get(2).asInt() == 1);
    }
    return loss(tensors);
  }

  private static boolean isWrite(JsonNode step) {
    String name = step.get(0).asText();
    return name.endsWith("_") || name.startsWith("set_");
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

  private static Tensor apply(JsonNode step, List<Tensor> tensors) {
    Tensor a = tensors.get(step.get(1).asInt());
    return switch (step.get(0).asText()) {
      case "mul" -> a.mul(other(step, tensors));
      case "scale" -> a.mul(number(step, 2));
      case "tanh" -> a.tanh();
      case "clone" -> a.clone();
      case "transpose" -> a.transpose(0, -1);
      case "select" -> a.select(whole(step, 2), whole(step, 3));
      case "narrow" -> a.narrow(whole(step, 2), whole(step, 3), whole(step, 4));
      case "every_second" -> a.slice(whole(step, 2), 0, a.size(whole(step, 2)), 2);
      case "diagonal" -> a.diagonal();
      case "unsqueeze" -> a.unsqueeze(whole(step, 2));
      case "squeeze" -> a.squeeze(whole(step, 2));
      case "expand" -> a.unsqueeze(0).expand(a.unsqueeze(0).shape().with(0, 2).toArray());
      case "flatten" -> a.view(-1);
      case "reshape" -> a.reshape(-1);
      case "contiguous" -> a.contiguous();
      case "unbind" -> a.unbind(whole(step, 2)).get(whole(step, 3));
      case "split" -> a.split(1, whole(step, 2)).get(whole(step, 3));
      case "detach" -> a.detach();
      case "requires_grad_" -> a.requiresGrad_();
      case "scale_" -> a.mul_(number(step, 2));
      case "shift_" -> a.add_(number(step, 2));
      case "quiet_scale_" -> quietly(() -> a.mul_(number(step, 2)));
      case "quiet_copy_" -> quietly(() -> a.copy_(other(step, tensors)));
      case "mul_" -> a.mul_(other(step, tensors));
      case "add_" -> a.add_(other(step, tensors));
      case "sub_" -> a.sub_(other(step, tensors));
      case "copy_" -> a.copy_(other(step, tensors));
      case "addcmul_" -> a.addcmul_(a.detach(), other(step, tensors));
      case "lerp_" -> a.lerp_(other(step, tensors), 0.25);
      case "tanh_" -> a.tanh_();
      case "sigmoid_" -> a.sigmoid_();
      case "sin_" -> a.sin_();
      case "neg_" -> a.neg_();
      case "clamp_" -> a.clamp_(-0.5, 0.5);
      case "fill_" -> a.fill_(number(step, 2));
      case "zero_" -> a.zero_();
      case "masked_fill_" -> a.maskedFill_(a.detach().gt(0), number(step, 2));
      case "index_fill_" ->
          a.indexFill_(whole(step, 2), Tensor.of(new long[] {whole(step, 3)}), number(step, 4));
      case "set_row" -> a.set(number(step, 3), whole(step, 2));
      case "set_mask" -> a.set(number(step, 2), a.detach().lt(0));
      default -> throw new AssertionError("unknown step " + step);
    };
  }

  private static Tensor quietly(Supplier<Tensor> write) {
    try (var off = Autograd.noGrad()) {
      return write.get();
    }
  }

  private static int whole(JsonNode step, int at) {
    return step.get(at).asInt();
  }

  private static double number(JsonNode step, int at) {
    return step.get(at).asDouble();
  }

  private static Tensor other(JsonNode step, List<Tensor> tensors) {
    return tensors.get(step.get(2).asInt());
  }
}
