package io.kindling.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kindling.AutogradException;
import io.kindling.memory.Scope;
import io.kindling.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnomalyTest {
  /** The square root of zero has an infinite slope, of which nothing flows: not a number. */
  private static Tensor rootOfZero(Tensor x) {
    return x.sqrt();
  }

  private static Tensor loss(Tensor x) {
    return rootOfZero(x).mul(Tensor.of(new float[] {0, 1})).sum();
  }

  private static Tensor leaf() {
    return Tensor.of(new float[] {0, 4}).requiresGrad_();
  }

  private static boolean names(Throwable trace, String method) {
    return Arrays.stream(trace.getStackTrace())
        .anyMatch(
            frame ->
                frame.getClassName().equals(AnomalyTest.class.getName())
                    && frame.getMethodName().equals(method));
  }

  @Test
  void aNanIsTracedToTheForwardCall() {
    try (Scope scope = Scope.open()) {
      Tensor x = leaf();
      loss(x).backward(); // silent without
      assertThat(x.grad().toFloatArray()[0]).isNaN();
      try (RecordingScope on = Autograd.detectAnomaly()) {
        Tensor loss = loss(x);
        // PyTorch: "Function 'SqrtBackward0' returned nan values in its 0th output."
        AutogradException found = catchThrowableOfType(AutogradException.class, loss::backward);
        assertThat(found)
            .hasMessageContaining("SqrtBackward0 returned NaN in gradient 0 of its inputs");
        assertThat(found.getCause()).hasMessageContaining("SqrtBackward0");
        assertThat(names(found.getCause(), "rootOfZero")).isTrue();
      }
      loss(x).backward();
    }
  }

  @Test
  void aForwardFromBeforeIsNotKnown() {
    try (Scope scope = Scope.open()) {
      Tensor loss = loss(leaf());
      try (RecordingScope on = Autograd.detectAnomaly()) {
        assertThatThrownBy(loss::backward)
            .isInstanceOf(AutogradException.class)
            .hasMessageContaining("call forward within detectAnomaly() too")
            .hasNoCause();
      }
    }
  }

  @Test
  void aFailureInBackwardIsTracedToo() {
    try (Scope scope = Scope.open();
        RecordingScope on = Autograd.detectAnomaly(false)) {
      Tensor x = leaf();
      loss(x).backward(); // NaN is no failure here
      Tensor y = x.mul(1);
      Tensor z = rootOfZero(y).exp();
      y.add_(1);
      Tensor w = rootOfZero(y);
      w.add_(1);
      AutogradException found =
          catchThrowableOfType(AutogradException.class, () -> w.sum().backward());
      assertThat(found).hasMessageContaining("changed in place");
      assertThat(found.getSuppressed()).hasSize(1);
      assertThat(names(found.getSuppressed()[0], "rootOfZero")).isTrue();
      assertThat(z.requiresGrad()).isTrue();
    }
  }

  @Test
  void aGradientOfAGradientNamesBothCalls() {
    try (Scope scope = Scope.open();
        RecordingScope on = Autograd.detectAnomaly()) {
      Tensor x = Tensor.of(new double[] {0, 4}).requiresGrad_();
      // x ** 1.5: its first derivative at 0 is 0, its second infinite.
      Tensor y = x.pow(1.5);
      Tensor first = Autograd.grad(List.of(y.sum()), List.of(x), null, false, true, false).get(0);
      Tensor none = first.mul(Tensor.of(new double[] {0, 1})).sum();
      AutogradException found = catchThrowableOfType(AutogradException.class, none::backward);
      Throwable inBackward = found.getCause();
      assertThat(inBackward).hasMessageContaining("in the gradient of PowBackward0");
      assertThat(inBackward.getCause()).hasMessageContaining("PowBackward0");
    }
  }

  @Test
  void hooksGoOnWorking() {
    try (Scope scope = Scope.open();
        RecordingScope on = Autograd.detectAnomaly()) {
      Tensor x = Tensor.ones(2).requiresGrad_();
      Tensor y = x.mul(3);
      y.gradFn().registerPrehook(gradients -> List.of(gradients.get(0).mul(2)));
      y.sum().backward();
      assertThat(x.grad().toFloatArray()).containsExactly(6, 6);
    }
  }
}
