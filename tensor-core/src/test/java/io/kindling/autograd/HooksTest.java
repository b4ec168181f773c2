package io.kindling.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.AutogradException;
import io.kindling.ShapeException;
import io.kindling.memory.Scope;
import io.kindling.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The order of hooks, and the numbers that they see, are PyTorch 2.9.1's for the same program. */
class HooksTest {
  private final List<String> log = new ArrayList<>();

  private static Tensor leaf() {
    return Tensor.of(new double[] {1, -2, 4}).requiresGrad_();
  }

  private void note(String what, Tensor gradient) {
    log.add(what + " " + (gradient == null ? null : Arrays.toString(gradient.toDoubleArray())));
  }

  @Test
  void theirOrder() {
    try (Scope scope = Scope.open()) {
      Tensor a = leaf();
      Tensor y = a.mul(2);
      y.retainGrad();
      assertThat(y.retainsGrad()).isTrue();
      y.registerHook(
          gradient -> {
            note("first", gradient);
            return gradient.mul(2);
          });
      RemovableHandle second =
          y.registerHook(
              gradient -> {
                note("second", gradient);
                return gradient.add(1);
              });
      y.gradFn()
          .registerPrehook(
              gradients -> {
                note("before", gradients.get(0));
                return List.of(gradients.get(0).mul(10));
              });
      y.gradFn()
          .registerHook(
              (inputs, outputs) -> {
                note("after", inputs.get(0));
                note("of", outputs.get(0));
                return Arrays.asList(inputs.get(0).add(0.5), inputs.get(1));
              });
      a.registerHook(
          gradient -> {
            note("leaf", gradient);
            return gradient.mul(3);
          });
      a.registerPostAccumulateGradHook(gradient -> note("accumulated", gradient));
      y.sum().backward(null, true, false);
      assertThat(log)
          .containsExactly(
              "first [1.0, 1.0, 1.0]",
              "second [2.0, 2.0, 2.0]",
              "before [3.0, 3.0, 3.0]",
              "after [60.0, 60.0, 60.0]",
              "of [30.0, 30.0, 30.0]",
              "leaf [60.5, 60.5, 60.5]",
              "accumulated [181.5, 181.5, 181.5]");
      assertThat(y.grad().toDoubleArray()).containsExactly(3, 3, 3);
      second.remove();
      second.close();
      log.clear();
      y.sum().backward();
      assertThat(log)
          .containsExactly(
              "first [1.0, 1.0, 1.0]",
              "before [2.0, 2.0, 2.0]",
              "after [40.0, 40.0, 40.0]",
              "of [20.0, 20.0, 20.0]",
              "leaf [40.5, 40.5, 40.5]",
              "accumulated [303.0, 303.0, 303.0]");
      assertThat(y.grad().toDoubleArray()).containsExactly(5, 5, 5);
    }
  }

  @Test
  void aWriteInPlaceLeavesHooksBehindAndTakesTheKeptGradientAlong() {
    try (Scope scope = Scope.open()) {
      Tensor a = leaf();
      Tensor y = a.mul(2);
      y.retainGrad();
      y.registerHook(
          gradient -> {
            note("before", gradient);
            return null;
          });
      y.mul_(4);
      y.registerHook(
          gradient -> {
            note("after", gradient);
            return null;
          });
      y.sum().backward();
      assertThat(log).containsExactly("after [1.0, 1.0, 1.0]", "before [4.0, 4.0, 4.0]");
      assertThat(y.grad().toDoubleArray()).containsExactly(1, 1, 1);
      assertThat(a.grad().toDoubleArray()).containsExactly(8, 8, 8);
    }
  }

  @Test
  void aKeptGradientIsNotWrittenToByTheRestOfThePass() {
    try (Scope scope = Scope.open()) {
      Tensor a = leaf();
      Tensor y = a.mul(1);
      Tensor once = y.add(Tensor.zeros(3)); // passes its gradient on as it is
      once.retainGrad();
      once.add(y).add(y).sum().backward();
      assertThat(once.grad().toDoubleArray()).containsExactly(1, 1, 1);
      assertThat(a.grad().toDoubleArray()).containsExactly(3, 3, 3);
      assertThat(y.grad()).isNull();
    }
  }

  @Test
  void gradientsAsValuesPassHooksToo() {
    try (Scope scope = Scope.open()) {
      Tensor a = leaf();
      Tensor y = a.mul(2);
      y.registerHook(gradient -> gradient.mul(10));
      a.registerHook(gradient -> gradient.add(1));
      a.registerPostAccumulateGradHook(gradient -> note("accumulated", gradient));
      assertThat(Autograd.grad(y.sum(), a).get(0).toDoubleArray()).containsExactly(21, 21, 21);
      assertThat(log).isEmpty();
      assertThat(a.grad()).isNull();
    }
  }

  @Test
  void aHookMayRemoveItself() {
    try (Scope scope = Scope.open()) {
      Tensor a = leaf();
      RemovableHandle[] handle = new RemovableHandle[1];
      handle[0] =
          a.registerHook(
              gradient -> {
                note("once", gradient);
                handle[0].remove();
                return null;
              });
      a.mul(2).sum().backward();
      a.mul(3).sum().backward();
      assertThat(log).containsExactly("once [2.0, 2.0, 2.0]");
      assertThat(a.grad().toDoubleArray()).containsExactly(5, 5, 5);
    }
  }

  @Test
  void aHookThatFailsLeavesNothingBehind() {
    Tensor a = leaf();
    Tensor y = a.exp();
    y.retainGrad();
    Tensor sum = y.sum();
    RemovableHandle failing =
        a.registerHook(
            gradient -> {
              throw new IllegalStateException("on purpose");
            });
    assertThatThrownBy(() -> sum.backward(null, true, false)).hasMessage("on purpose");
    failing.remove();
    sum.backward();
    assertThat(a.grad().numel()).isEqualTo(3);
    sum.close();
    y.close();
    a.close();
  }

  @Test
  void wrongHooksAreRefused() {
    try (Scope scope = Scope.open()) {
      Tensor a = leaf();
      assertThatThrownBy(() -> Tensor.ones(2).registerHook(g -> g))
          .isInstanceOf(AutogradException.class)
          .hasMessageContaining("requires a gradient");
      assertThatThrownBy(() -> Tensor.ones(2).retainGrad())
          .isInstanceOf(AutogradException.class)
          .hasMessageContaining("does not require a gradient");
      assertThatThrownBy(() -> a.mul(2).registerPostAccumulateGradHook(g -> {}))
          .isInstanceOf(AutogradException.class)
          .hasMessageContaining("only leaves");
      Tensor y = a.exp();
      y.registerHook(gradient -> Tensor.ones(2));
      assertThatThrownBy(() -> y.sum().backward())
          .isInstanceOf(ShapeException.class)
          .hasMessageContaining("hook");
      Tensor z = a.exp();
      z.gradFn().registerHook((inputs, outputs) -> List.of());
      assertThatThrownBy(() -> z.sum().backward())
          .isInstanceOf(AutogradException.class)
          .hasMessageContaining("a hook of ExpBackward0 returned 0 gradients; expected 1");
    }
  }
}
