package io.kindling.op;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindling.autograd.Autograd;
import io.kindling.autograd.GradCheck;
import io.kindling.backend.Backend;
import io.kindling.backend.Backends;
import io.kindling.memory.Scope;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import io.kindling.tensor.Tensor;
import io.kindling.testing.Closeness;
import io.kindling.testing.Golden;
import io.kindling.testing.InputLayout;
import io.kindling.testing.OpCase;
import io.kindling.testing.OpTable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs each line of {@link OpTable} on every CPU backend, in every layout of its inputs, and
 * compares values and gradients with PyTorch's, and gradients with differences.
 */
class OpTest {
  static Stream<Arguments> runs() {
    return Backends.of(Device.Type.CPU).stream()
        .flatMap(
            backend ->
                Stream.of(DType.FLOAT64, DType.FLOAT32)
                    .flatMap(
                        dtype ->
                            OpTable.CASES.stream()
                                .map(c -> Arguments.of(backend.name(), dtype, c, backend))));
  }

  static List<OpCase> cases() {
    return OpTable.CASES;
  }

  @Test
  void theTableAndTheGoldenValuesHaveTheSameCases() {
    assertThat(OpTable.CASES.stream().map(OpCase::name)).containsExactlyElementsOf(Golden.names());
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @MethodSource("runs")
  void agreesWithPyTorch(String name, DType dtype, OpCase op, Backend backend) {
    Golden.Case golden = Golden.of(op.name());
    for (InputLayout layout : InputLayout.values()) {
      if (!layout.keepsValues()) {
        continue;
      }
      try (Scope scope = Scope.open()) {
        List<Tensor> leaves = leaves(golden, dtype);
        List<Tensor> outputs = Backends.only(backend, () -> apply(op, leaves, layout));
        String what = op + " with inputs " + layout;
        for (int i = 0; i < golden.outputs().size(); i++) {
          if (dtype == DType.FLOAT32) {
            assertThat(outputs.get(i).dtype()).as(what).isEqualTo(golden.types().get(i));
          }
          Closeness.of(dtype).check(what, outputs.get(i), golden.outputs().get(i));
        }
        List<Tensor> gradients = Backends.only(backend, () -> gradients(golden, leaves, outputs));
        for (int i = 0; i < gradients.size(); i++) {
          if (golden.gradients().get(i) == null) {
            continue;
          }
          assertThat(gradients.get(i)).as(what + ": gradient of input " + i).isNotNull();
          Closeness.of(dtype)
              .check(what + ": gradient " + i, gradients.get(i), golden.gradients().get(i));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void inputsThatRepeatTheirMemoryGiveWhatCopiesGive(OpCase op) {
    for (Backend backend : Backends.of(Device.Type.CPU)) {
      try (Scope scope = Scope.open()) {
        Golden.Case golden = Golden.of(op.name());
        List<Tensor> inputs =
            leaves(golden, DType.FLOAT32).stream()
                .map(Tensor::detach)
                .map(InputLayout.EXPANDED::apply)
                .toList();
        List<Tensor> copies = inputs.stream().map(t -> t.clone().contiguous()).toList();
        List<Tensor> expected = op.function().apply(copies);
        List<Tensor> outputs = Backends.only(backend, () -> op.function().apply(inputs));
        for (int i = 0; i < golden.outputs().size(); i++) {
          Closeness.of(DType.FLOAT32)
              .check(op + " on " + backend.name(), outputs.get(i), expected.get(i));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void gradientsAgreeWithDifferences(OpCase op) {
    Golden.Case golden = Golden.of(op.name());
    if (!op.smooth() || golden.cotangents().stream().allMatch(c -> c == null)) {
      return;
    }
    try (Scope scope = Scope.open()) {
      Function<List<Tensor>, List<Tensor>> function = op.function()::apply;
      GradCheck.gradcheck(function, leaves(golden, DType.FLOAT64));
      GradCheck.gradgradcheck(function, leaves(golden, DType.FLOAT64));
    }
  }

  private static List<Tensor> apply(OpCase op, List<Tensor> leaves, InputLayout layout) {
    return op.function().apply(leaves.stream().map(layout::apply).toList());
  }

  private static List<Tensor> leaves(Golden.Case golden, DType dtype) {
    List<Tensor> leaves = new ArrayList<>();
    for (int i = 0; i < golden.inputs().size(); i++) {
      Tensor leaf = golden.inputs().get(i).tensor(dtype);
      leaves.add(golden.gradients().get(i) == null ? leaf : leaf.requiresGrad_());
    }
    return leaves;
  }

  /** One an input, or none if no output is differentiable. */
  private static List<Tensor> gradients(
      Golden.Case golden, List<Tensor> leaves, List<Tensor> outputs) {
    List<Tensor> roots = new ArrayList<>();
    List<Tensor> cotangents = new ArrayList<>();
    for (int i = 0; i < golden.outputs().size(); i++) {
      if (golden.cotangents().get(i) != null) {
        roots.add(outputs.get(i));
        cotangents.add(golden.cotangents().get(i).tensor(outputs.get(i).dtype()));
      }
    }
    if (roots.isEmpty()) {
      return List.of();
    }
    List<Tensor> wanted = leaves.stream().filter(Tensor::requiresGrad).toList();
    List<Tensor> found = Autograd.grad(roots, wanted, cotangents, false, false, true);
    List<Tensor> gradients = new ArrayList<>();
    for (Tensor leaf : leaves) {
      int at = wanted.indexOf(leaf);
      gradients.add(at < 0 ? null : found.get(at));
    }
    return gradients;
  }
}
