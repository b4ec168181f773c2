package io.kindling.backend;

import io.kindling.autograd.Autograd;
import io.kindling.backend.cpu.JavaBackend;
import io.kindling.memory.Scope;
import io.kindling.tensor.DType;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import io.kindling.testing.Closeness;
import io.kindling.testing.Golden;
import io.kindling.testing.InputLayout;
import io.kindling.testing.OpCase;
import io.kindling.testing.OpTable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every backend must keep: each op of the test table, at awkward sizes, in every layout, gives
 * what the plain-Java kernels give in float64 from contiguous inputs. A backend's test extends this
 * class and names the backend. What the backend has no kernel for runs elsewhere, and passes.
 */
public abstract class BackendContractTest {
  private static final Backend ORACLE = new JavaBackend();

  /** The backend to test. */
  protected abstract Backend backend();

  /** The other types, beside float32, that the backend has kernels for. */
  protected List<DType> otherTypes() {
    return List.of(DType.BFLOAT16, DType.FLOAT64);
  }

  static Stream<OpCase> cases() {
    return OpTable.CASES.stream().filter(c -> !c.sizes().isEmpty());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void float32AgreesWithTheOracle(OpCase op) {
    check(op, DType.FLOAT32);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void otherTypesAgreeWithTheOracle(OpCase op) {
    otherTypes().forEach(dtype -> check(op, dtype));
  }

  private void check(OpCase op, DType dtype) {
    for (List<Shape> shapes : op.sizes()) {
      try (Scope scope = Scope.open()) {
        Golden.Case golden = Golden.of(op.name());
        List<Tensor> inputs = inputs(golden, shapes, dtype);
        List<Tensor> exact = inputs.stream().map(BackendContractTest::wide).toList();
        Run expected = Backends.only(ORACLE, () -> run(op, golden, exact, InputLayout.CONTIGUOUS));
        for (InputLayout layout : InputLayout.values()) {
          if (layout.keepsValues() && (dtype == DType.FLOAT32 || layout.ordinal() < 2)) {
            Run found = Backends.only(backend(), () -> run(op, golden, inputs, layout));
            String what = op + " of " + shapes + " " + layout + " in " + dtype;
            compare(what, found, expected, dtype);
          }
        }
      }
    }
  }

  private static void compare(String what, Run found, Run expected, DType dtype) {
    Closeness close = new Closeness(10 * Closeness.of(dtype).relative());
    for (int i = 0; i < expected.outputs.size(); i++) {
      close.check(what, found.outputs.get(i), expected.outputs.get(i));
    }
    // Gradients in half precision pass through many roundings; float32 shows whether they are
    // right.
    for (int i = 0; dtype.bytes() > 2 && i < expected.gradients.size(); i++) {
      if (expected.gradients.get(i) != null) {
        close.check(what + ": gradient " + i, found.gradients.get(i), expected.gradients.get(i));
      }
    }
  }

  private record Run(List<Tensor> outputs, List<Tensor> gradients) {}

  private static Run run(OpCase op, Golden.Case golden, List<Tensor> inputs, InputLayout layout) {
    List<Tensor> leaves = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      Tensor leaf = inputs.get(i).detach();
      leaves.add(golden.gradients().get(i) == null ? leaf : leaf.requiresGrad_());
    }
    List<Tensor> outputs = op.function().apply(leaves.stream().map(layout::apply).toList());
    List<Tensor> known = outputs.subList(0, golden.outputs().size());
    Tensor root = known.get(0);
    List<Tensor> wanted = leaves.stream().filter(Tensor::requiresGrad).toList();
    if (!root.requiresGrad()) {
      return new Run(known, List.of());
    }
    Tensor cotangent = pattern(root.shape()).to(root.dtype());
    return new Run(
        known, Autograd.grad(List.of(root), wanted, List.of(cotangent), false, false, true));
  }

  /** Tensors of these shapes that repeat the golden inputs' values. */
  private static List<Tensor> inputs(Golden.Case golden, List<Shape> shapes, DType dtype) {
    List<Tensor> inputs = new ArrayList<>();
    for (int i = 0; i < shapes.size(); i++) {
      Tensor values = golden.inputs().get(i).tensor(dtype).reshape(-1);
      long count = shapes.get(i).numel();
      Tensor index = Tensor.arange(count).to(DType.FLOAT64);
      Tensor rounds = index.div(values.numel()).floor().mul(values.numel());
      Tensor repeated = values.indexSelect(0, index.sub(rounds).to(DType.INT64));
      inputs.add(repeated.view(shapes.get(i).toArray()));
    }
    return inputs;
  }

  private static Tensor wide(Tensor tensor) {
    return tensor.dtype().isFloatingPoint() ? tensor.to(DType.FLOAT64) : tensor;
  }

  private static Tensor pattern(Shape shape) {
    Tensor steps = Tensor.arange(shape.numel()).to(DType.FLOAT64).mul(0.7).cos();
    return steps.view(shape.toArray());
  }
}
