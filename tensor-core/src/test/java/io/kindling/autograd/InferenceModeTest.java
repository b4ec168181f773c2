package io.kindling.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.AutogradException;
import io.kindling.memory.Scope;
import io.kindling.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** What is allowed and what is refused is as in PyTorch 2.9.1, which was asked for each line. */
class InferenceModeTest {
  @Test
  void nothingIsRecordedInside() {
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.ones(3).requiresGrad_();
      try (InferenceMode on = Autograd.inferenceMode()) {
        assertThat(InferenceMode.isOn()).isTrue();
        assertThat(Autograd.isGradEnabled()).isFalse();
        assertThat(x.mul(2).requiresGrad()).isFalse();
        assertThat(x.requiresGrad()).isTrue();
        try (GradMode grad = Autograd.enableGrad()) {
          assertThat(x.mul(2).requiresGrad()).isFalse();
        }
        try (InferenceMode off = Autograd.inferenceMode(false)) {
          assertThat(InferenceMode.isOn()).isFalse();
          assertThat(x.mul(2).requiresGrad()).isTrue();
          assertThat(Tensor.ones(2).isInference()).isFalse();
        }
        assertThat(InferenceMode.isOn()).isTrue();
      }
      assertThat(InferenceMode.isOn()).isFalse();
      assertThat(Autograd.isGradEnabled()).isTrue();
      assertThat(x.mul(2).requiresGrad()).isTrue();
    }
  }

  @Test
  void whatIsMadeInsideIsKnown() {
    try (Scope scope = Scope.open()) {
      Tensor normal = Tensor.ones(3);
      Tensor made;
      Tensor view;
      int version = normal.storage().version();
      try (InferenceMode on = Autograd.inferenceMode()) {
        made = normal.mul(2);
        view = normal.narrow(0, 1, 2);
        made.add_(1);
        normal.add_(1); // its version grows as ever
      }
      assertThat(made.isInference()).isTrue();
      assertThat(made.narrow(0, 1, 2).isInference()).isTrue();
      assertThat(made.detach().isInference()).isTrue();
      assertThat(view.isInference()).isFalse();
      assertThat(normal.isInference()).isFalse();
      assertThat(made.mul(2).isInference()).isFalse();
      assertThat(made.clone().isInference()).isFalse();
      assertThat(Tensor.zeros(3).copy_(made).isInference()).isFalse();
      assertThat(normal.storage().version()).isEqualTo(version + 1);
      assertThat(made.toFloatArray()).containsExactly(3, 3, 3);
    }
  }

  @Test
  void whatIsMadeInsideRefusesAutogradOutside() {
    Tensor x = Tensor.ones(3).requiresGrad_(); // in no scope: LeakCheck counts what is left behind
    Tensor made;
    try (InferenceMode on = Autograd.inferenceMode()) {
      made = Tensor.ones(3);
    }
    // "Inference tensors cannot be saved for backward."
    assertThatThrownBy(() -> x.mul(made))
        .isInstanceOf(AutogradException.class)
        .hasMessageContaining("mul: ")
        .hasMessageContaining("cannot be saved for backward; clone()");
    // "Inplace update to inference tensor outside InferenceMode is not allowed."
    assertThatThrownBy(() -> made.add_(1))
        .isInstanceOf(AutogradException.class)
        .hasMessageContaining("add_: ")
        .hasMessageContaining("inference mode");
    try (GradMode off = Autograd.noGrad()) {
      assertThatThrownBy(() -> made.add_(1)).isInstanceOf(AutogradException.class);
    }
    // "Setting requires_grad=True on inference tensor outside InferenceMode is not allowed."
    assertThatThrownBy(made::requiresGrad_)
        .isInstanceOf(AutogradException.class)
        .hasMessageContaining("inference mode");
    try (Scope scope = Scope.open()) {
      x.add(made).sum().backward(); // saves nothing
      x.mul(made.clone()).sum().backward();
      assertThat(x.grad().toFloatArray()).containsExactly(2, 2, 2);
      try (InferenceMode on = Autograd.inferenceMode()) {
        made.add_(1);
      }
    }
    made.close();
    x.close();
  }

  @Test
  void otherThreadsAreNotInIt() throws InterruptedException {
    try (Scope scope = Scope.open();
        InferenceMode on = Autograd.inferenceMode()) {
      boolean[] seen = new boolean[2];
      Thread thread =
          new Thread(
              () -> {
                try (Scope inner = Scope.open()) {
                  Tensor x = Tensor.ones(2).requiresGrad_();
                  seen[0] = x.isInference();
                  seen[1] = x.mul(2).requiresGrad();
                }
              });
      thread.start();
      thread.join();
      assertThat(seen).containsExactly(false, true);
    }
  }
}
