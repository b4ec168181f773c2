package io.kindling.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kindling.AutogradException;
import io.kindling.backend.Backends;
import io.kindling.memory.Allocator;
import io.kindling.memory.MemoryStatistics;
import io.kindling.memory.Scope;
import io.kindling.nn.Linear;
import io.kindling.nn.Module;
import io.kindling.nn.ReLU;
import io.kindling.nn.Sequential;
import io.kindling.nn.functional.F;
import io.kindling.op.loss.LossReduction;
import io.kindling.optim.Adam;
import io.kindling.optim.Optimizer;
import io.kindling.tensor.Device;
import io.kindling.tensor.Generator;
import io.kindling.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
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
      GradCheck.gradcheck(
          in -> {
            Tensor y = in.get(0).mul(2);
            y.mul_(in.get(1));
            y.add_(in.get(0));
            return List.of(y.mul(y));
          },
          List.of(x, w));
    }
  }

  @Test
  void aTensorMultipliedByItselfInPlace() {
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.of(new double[] {0.5, -1.5, 2}).requiresGrad_();
      Function<List<Tensor>, List<Tensor>> function =
          in -> {
            Tensor y = in.get(0).mul(3);
            y.mul_(y);
            y.narrow(0, 0, 2).mul_(y.narrow(0, 1, 2));
            return List.of(y);
          };
      GradCheck.gradcheck(function, List.of(x));
      GradCheck.gradgradcheck(function, List.of(x));
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
      Function<List<Tensor>, List<Tensor>> function =
          in -> List.of(in.get(0).tanh().matmul(in.get(1)).sigmoid().mul(in.get(0).exp()));
      GradCheck.gradcheck(function, List.of(x, w));
      GradCheck.gradgradcheck(function, List.of(x, w));
    }
  }

  @Test
  void viewsPassGradients() {
    try (Scope scope = Scope.open()) {
      Tensor x =
          Tensor.of(new double[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 3, 4).requiresGrad_();
      Function<List<Tensor>, List<Tensor>> function =
          in -> {
            Tensor a = in.get(0).transpose(0, 1).slice(0, 1, 4, 2).reshape(-1);
            Tensor b = in.get(0).select(0, 1).narrow(0, 1, 2).unsqueeze(0).expand(3, 2).reshape(-1);
            return List.of(a.mul(b).mul(0.05).tanh().add(a.mul(b)));
          };
      GradCheck.gradcheck(function, List.of(x));
      GradCheck.gradgradcheck(function, List.of(x));
    }
  }

  @Test
  void aVariableThatIsUsedTenThousandTimes() {
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.of(new float[] {1, 2}).requiresGrad_();
      Tensor shared = x.mul(3);
      Tensor total = Tensor.zeros(2);
      for (int i = 0; i < 10_000; i++) {
        total = total.add(shared);
      }
      total.sum().backward();
      assertThat(x.grad().toFloatArray()).containsExactly(30_000, 30_000);
    }
  }

  @Test
  void anOperationOfTenThousandInputs() {
    try (Scope scope = Scope.open()) {
      Tensor[] parts = new Tensor[10_000];
      for (int i = 0; i < parts.length; i++) {
        parts[i] = Tensor.of(new float[] {i}).requiresGrad_();
      }
      Tensor all = Tensor.cat(List.of(parts), 0);
      all.mul(all).sum().backward();
      for (int i = 0; i < parts.length; i++) {
        assertThat(parts[i].grad().item()).isEqualTo(2 * i);
      }
    }
  }

  @Test
  void twoLossesShareAGraph() {
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.of(new float[] {2, 3}).requiresGrad_();
      Tensor shared = x.mul(x);
      Tensor first = shared.sum();
      Tensor second = shared.mul(x).sum();
      first.backward(null, true, false);
      assertThat(x.grad().toFloatArray()).containsExactly(4, 6);
      second.backward();
      assertThat(x.grad().toFloatArray()).containsExactly(4 + 12, 6 + 27);
      x.setGrad(null);
      Tensor again = x.mul(x);
      Autograd.backward(List.of(again.sum(), again.mul(x).sum()), null, false, false);
      assertThat(x.grad().toFloatArray()).containsExactly(16, 33);
    }
  }

  @Test
  void threadsRunBackwardThroughOneRetainedGraph() throws Exception {
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.of(new float[] {1, 2}).requiresGrad_();
      Tensor shared = x.mul(x).exp().log();
      Thread[] threads = new Thread[4];
      for (int i = 0; i < threads.length; i++) {
        threads[i] =
            new Thread(
                () -> {
                  for (int k = 0; k < 100; k++) {
                    try (Scope inner = Scope.open()) {
                      shared.mul(3).sum().backward(null, true, false);
                    }
                  }
                });
        threads[i].start();
      }
      for (Thread thread : threads) {
        thread.join();
      }
      float[] gradient = x.grad().toFloatArray();
      assertThat(gradient[0]).isCloseTo(2400, within(1f));
      assertThat(gradient[1]).isCloseTo(4800, within(2f));
    }
  }

  @Test
  void whatAHookKeepsIsNotWrittenToAfterwards() {
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.of(new float[] {1, 2}).requiresGrad_();
      Tensor y = x.mul(1);
      Tensor once = y.add(Tensor.zeros(2));
      List<Tensor> seen = new ArrayList<>();
      // The gradient that reaches `once` goes on to y unchanged, where a second one is added to it.
      once.registerHook(
          gradient -> {
            seen.add(Scope.detach(gradient.alias()));
            return gradient;
          });
      Tensor given = Tensor.of(new float[] {10, 20});
      once.add(y).add(y).backward(given);
      assertThat(x.grad().toFloatArray()).containsExactly(30, 60);
      assertThat(given.toFloatArray()).containsExactly(10, 20);
      assertThat(seen.get(0).toFloatArray()).containsExactly(10, 20);
      seen.forEach(Tensor::close);
    }
  }

  @Test
  void tenThousandTrainingStepsUseNoMoreMemoryThanOne() {
    Allocator allocator = Backends.allocator(Device.CPU);
    try (Module network =
            new Sequential(
                new Linear(4, 8, true, new Generator(1)),
                new ReLU(),
                new Linear(8, 2, true, new Generator(2)));
        Tensor input = Tensor.randn(new Generator(3), 16, 4);
        Tensor target = Tensor.randn(new Generator(4), 16, 2);
        Optimizer optimizer = new Adam(network.parameters(), 0.001)) {
      long inStep = -1;
      long between = -1;
      long held = -1;
      for (int step = 0; step < 10_000; step++) {
        try (Scope scope = Scope.open()) {
          optimizer.zeroGrad();
          Tensor loss = F.mseLoss(network.forward(input), target, LossReduction.MEAN);
          loss.backward();
          long now = allocator.statistics().inUse();
          inStep = step == 1 ? now : inStep;
          assertThat(step == 0 ? inStep : now).as("in step %d", step).isEqualTo(inStep);
          optimizer.step();
        }
        MemoryStatistics after = allocator.statistics();
        if (step == 1) {
          between = after.inUse();
          held = after.inUse() + after.cached();
        } else if (step > 1) {
          assertThat(after.inUse()).as("after step %d", step).isEqualTo(between);
          assertThat(after.inUse() + after.cached()).as("after step %d", step).isEqualTo(held);
        }
      }
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
