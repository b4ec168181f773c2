package io.kindling.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kindling.AutogradException;
import io.kindling.backend.Backends;
import io.kindling.memory.Scope;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import io.kindling.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SavedTensorsHooksTest {
  private static Tensor leaf() {
    return Tensor.of(new double[] {1, -2, 4}).requiresGrad_();
  }

  @Test
  void savedTensorsAreReplaced() {
    try (Scope scope = Scope.open()) {
      Tensor x = leaf();
      List<String> log = new ArrayList<>();
      Tensor y;
      try (RecordingScope on =
          Autograd.savedTensorsHooks(
              tensor -> {
                log.add("pack " + tensor.sum().item());
                return tensor.toDoubleArray();
              },
              packed -> {
                log.add("unpack");
                return Tensor.of((double[]) packed);
              })) {
        y = x.mul(x); // saves x twice
      }
      Tensor z = y.exp(); // saves its output, and is outside
      assertThat(log).containsExactly("pack 3.0", "pack 3.0");
      z.sum().backward();
      assertThat(log).containsExactly("pack 3.0", "pack 3.0", "unpack", "unpack");
      assertThat(x.grad().toDoubleArray()[0]).isEqualTo(2 * Math.E);
    }
  }

  @Test
  void gradientsOfGradientsPassThroughUnpackedTensors() {
    try (Scope scope = Scope.open();
        RecordingScope on = Autograd.savedTensorsHooks(Tensor::clone, packed -> (Tensor) packed)) {
      java.util.function.Function<Tensor, Tensor> function = x -> x.exp().mul(x).tanh();
      assertThat(GradCheck.gradcheck(function, Tensor.of(new double[] {0.3, -1}).requiresGrad_()))
          .isTrue();
      assertThat(
              GradCheck.gradgradcheck(function, Tensor.of(new double[] {0.3, -1}).requiresGrad_()))
          .isTrue();
    }
  }

  @Test
  void whatIsKeptIsClosedWithTheGraph() {
    long before = Backends.allocator(Device.CPU).statistics().inUse();
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.zeros(new long[] {1000}, DType.FLOAT32).requiresGrad_();
      try (RecordingScope on =
          Autograd.savedTensorsHooks(
              tensor -> tensor.to(DType.BFLOAT16), packed -> ((Tensor) packed).to(DType.FLOAT32))) {
        Tensor y = Scope.tidy(() -> x.exp().sin());
        Tensor sum = y.sum();
        long held = Backends.allocator(Device.CPU).statistics().inUse() - before;
        // x, y and the sum; the exponential twice, in half the bytes, its own node's and the sine's
        assertThat(held).isBetween(3 * 4000L, 3 * 4000L + 1000);
        sum.backward(null, true, false);
        sum.backward();
      }
      // Twice the cosine of one, which bfloat16 holds.
      assertThat((double) x.grad().toFloatArray()[0]).isCloseTo(2 * Math.cos(1), within(1e-6));
    }
    assertThat(Backends.allocator(Device.CPU).statistics().inUse()).isEqualTo(before);
  }

  @Test
  void theInnermostHooksCount() {
    try (Scope scope = Scope.open()) {
      Tensor x = leaf();
      List<String> log = new ArrayList<>();
      try (RecordingScope outer =
          Autograd.savedTensorsHooks(t -> note(log, "outer", t), o -> (Tensor) o)) {
        try (RecordingScope inner =
            Autograd.savedTensorsHooks(t -> note(log, "inner", t), o -> (Tensor) o)) {
          x.exp();
        }
        x.exp();
      }
      x.exp();
      assertThat(log).containsExactly("inner", "outer");
    }
  }

  private static Tensor note(List<String> log, String what, Tensor tensor) {
    log.add(what);
    return tensor;
  }

  @Test
  void functionsSaveThroughThemToo() {
    try (Scope scope = Scope.open()) {
      Function square =
          new Function() {
            @Override
            protected Tensor[] forward(FunctionContext context, Tensor... inputs) {
              context.saveForBackward(inputs);
              return new Tensor[] {inputs[0].mul(inputs[0])};
            }

            @Override
            protected Tensor[] backward(FunctionContext context, Tensor... gradients) {
              return new Tensor[] {gradients[0].mul(context.savedTensors()[0])};
            }
          };
      Tensor x = leaf();
      Tensor y;
      try (RecordingScope on =
          Autograd.savedTensorsHooks(t -> t.mul(10), packed -> (Tensor) packed)) {
        y = square.apply(x);
      }
      y.sum().backward();
      assertThat(x.grad().toDoubleArray()).containsExactly(10, -20, 40);
    }
  }

  @Test
  void failuresLeaveNothingBehind() {
    Tensor x = leaf();
    try (RecordingScope on =
        Autograd.savedTensorsHooks(
            tensor -> {
              throw new IllegalStateException("on purpose");
            },
            packed -> null)) {
      assertThatThrownBy(x::exp).hasMessage("on purpose");
      assertThatThrownBy(() -> x.mul(x)).hasMessage("on purpose");
    }
    try (RecordingScope on = Autograd.savedTensorsHooks(Tensor::clone, packed -> Tensor.ones(2))) {
      try (Scope scope = Scope.open()) {
        assertThatThrownBy(() -> x.exp().sum().backward())
            .isInstanceOf(AutogradException.class)
            .hasMessageContaining("ExpBackward0")
            .hasMessageContaining("[3]")
            .hasMessageContaining("[2]");
      }
    }
    x.close();
  }
}
