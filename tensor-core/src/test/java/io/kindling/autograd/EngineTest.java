package io.kindling.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.AutogradException;
import io.kindling.memory.Scope;
import io.kindling.tensor.Tensor;
import io.kindling.testing.GradientCheck;
import java.util.List;
import org.junit.jupiter.api.Test;

class EngineTest {
  @Test
  void gradientsFlowThroughBroadcastAndReuse() {
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3).requiresGrad_();
      Tensor b = Tensor.of(new float[] {1, 10, 100}).requiresGrad_();
      Tensor y = x.mul(b).add(x).mul(x);
      y.sum().backward();
      assertThat(x.grad().toFloatArray()).containsExactly(4, 44, 606, 16, 110, 1212);
      assertThat(b.grad().toFloatArray()).containsExactly(17, 29, 45);
    }
  }

  @Test
  void aLongChainNeedsNoStack() {
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.of(new float[] {1}).requiresGrad_();
      Tensor y = x;
      for (int i = 0; i < 100_000; i++) {
        y = y.add(x);
      }
      y.backward();
      assertThat(x.grad().item()).isEqualTo(100_001);
    }
  }

  @Test
  void aLongChainThatIsNeverDifferentiatedEndsWithoutStack() {
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.of(new float[] {1}).requiresGrad_();
      Tensor y = x.exp();
      for (int i = 0; i < 100_000; i++) {
        Tensor next = y.neg();
        y.close();
        y = next;
      }
      assertThat(y.requiresGrad()).isTrue();
    }
  }

  @Test
  void closingAScopeDoesNotInvalidateWhatBackwardNeeds() {
    try (Scope outer = Scope.open()) {
      Tensor x = Tensor.of(new float[] {2, 3}).requiresGrad_();
      Tensor loss;
      try (Scope inner = Scope.open()) {
        loss = inner.keep(x.mul(x).exp().mul(x).sum());
      }
      loss.backward();
      float[] grad = x.grad().toFloatArray();
      assertThat((double) grad[0])
          .isEqualTo(Math.exp(4) * (1 + 8), org.assertj.core.api.Assertions.within(1e-3));
    }
  }

  @Test
  void secondBackwardThroughFreedGraphFails() {
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.of(new float[] {2, 3}).requiresGrad_();
      Tensor y = x.mul(x).sum();
      y.backward();
      assertThatThrownBy(y::backward)
          .isInstanceOf(AutogradException.class)
          .hasMessageContaining("retainGraph");
    }
  }

  @Test
  void changingASavedTensorInPlaceIsNoticed() {
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.of(new float[] {2, 3}).requiresGrad_();
      Tensor y = x.exp();
      Tensor z = y.mul(y);
      y.add_(1);
      assertThatThrownBy(() -> z.sum().backward())
          .isInstanceOf(AutogradException.class)
          .hasMessageContaining("changed in place");
    }
  }

  @Test
  void inPlaceOperationsAreDifferentiated() {
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.of(new double[] {0.5, -1.5, 2}).requiresGrad_();
      Tensor w = Tensor.of(new double[] {3, 4, 5}).requiresGrad_();
      GradientCheck.check(
          in -> {
            Tensor y = in.get(0).mul(2);
            y.mul_(in.get(1));
            y.add_(in.get(0));
            return y.mul(y);
          },
          List.of(x, w));
    }
  }

  @Test
  void aTensorMultipliedByItselfInPlace() {
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.of(new double[] {0.5, -1.5, 2}).requiresGrad_();
      GradientCheck.checkTwice(
          in -> {
            Tensor y = in.get(0).mul(3);
            y.mul_(y);
            y.narrow(0, 0, 2).mul_(y.narrow(0, 1, 2));
            return y;
          },
          List.of(x));
    }
  }

  @Test
  void aDetachedTensorHasNoPast() {
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.of(new double[] {0.5, -1.5, 2}).requiresGrad_();
      Tensor y = x.mul(x).detach();
      assertThat(y.requiresGrad()).isFalse();
      assertThat(y.mul(y).requiresGrad()).isFalse();
    }
  }

  @Test
  void aGraphThatWritesToWhatItSavedEndsWithoutBackward() {
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.of(new double[] {0.5, -1.5, 2}).requiresGrad_();
      Tensor y = x.mul(2);
      y.add_(y.mul(x)); // the product saved y, whose history now leads to the product
      Tensor buffer = Tensor.of(new double[3]);
      buffer.add_(buffer.mul(x));
    } // LeakCheck fails if the two hold each other
  }

  @Test
  void gradientsOfGradients() {
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.of(new double[] {0.5, -1.5, 2, 0.3, 1.1, -0.2}, 2, 3).requiresGrad_();
      Tensor w = Tensor.of(new double[] {3, 4, 5}, 3, 1).requiresGrad_();
      GradientCheck.checkTwice(
          in -> in.get(0).tanh().matmul(in.get(1)).sigmoid().mul(in.get(0).exp()), List.of(x, w));
    }
  }

  @Test
  void viewsPassGradients() {
    try (Scope scope = Scope.open()) {
      Tensor x =
          Tensor.of(new double[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 3, 4).requiresGrad_();
      GradientCheck.checkTwice(
          in -> {
            Tensor a = in.get(0).transpose(0, 1).slice(0, 1, 4, 2).reshape(-1);
            Tensor b = in.get(0).select(0, 1).narrow(0, 1, 2).unsqueeze(0).expand(3, 2).reshape(-1);
            return a.mul(b).mul(0.05).tanh().add(a.mul(b));
          },
          List.of(x));
    }
  }

  @Test
  void threadsRunBackwardAtTheSameTime() throws Exception {
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.of(new float[] {1, 2}).requiresGrad_();
      Thread[] threads = new Thread[4];
      for (int i = 0; i < threads.length; i++) {
        threads[i] =
            new Thread(
                () -> {
                  for (int k = 0; k < 200; k++) {
                    try (Scope inner = Scope.open()) {
                      x.mul(x).sum().backward();
                    }
                  }
                });
        threads[i].start();
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(x.grad().toFloatArray()).containsExactly(1600, 3200);
    }
  }
}
