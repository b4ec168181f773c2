package io.kindling.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kindling.AutogradException;
import io.kindling.backend.Backends;
import io.kindling.memory.Scope;
import io.kindling.nn.functional.F;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import io.kindling.tensor.Generator;
import io.kindling.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class CheckpointTest {
  private static final int BYTES = 8000;

  private static Tensor leaf() {
    return Tensor.of(new double[] {0.5, -1.5, 2}).requiresGrad_();
  }

  private static Tensor large() {
    return Tensor.full(new long[] {BYTES / 8}, 0.1, DType.FLOAT64).requiresGrad_();
  }

  private static long inUse() {
    return Backends.allocator(Device.CPU).statistics().inUse();
  }

  @Test
  void gradientsAreTheSameAsWithout() {
    try (Scope scope = Scope.open()) {
      AtomicInteger runs = new AtomicInteger();
      Tensor w = Tensor.of(new double[] {3, 4, 5}).requiresGrad_();
      Function<Tensor, Tensor> block =
          x -> {
            runs.incrementAndGet();
            return x.mul(w).tanh().mul(x.exp());
          };
      Tensor x = leaf();
      block.apply(x).mul(x).sum().backward();
      double[] ofX = x.grad().toDoubleArray();
      double[] ofW = w.grad().toDoubleArray();
      x.setGrad(null);
      w.setGrad(null);
      Tensor y = Checkpoint.checkpoint(block, x);
      assertThat(runs).hasValue(2);
      y.mul(x).sum().backward();
      assertThat(runs).hasValue(3);
      assertThat(x.grad().toDoubleArray()).containsExactly(ofX);
      assertThat(w.grad().toDoubleArray()).containsExactly(ofW);
      assertThat(GradCheck.gradcheck(in -> Checkpoint.checkpoint(block, in), leaf())).isTrue();
      assertThat(GradCheck.gradgradcheck(in -> Checkpoint.checkpoint(block, in), leaf())).isTrue();
      List<Tensor> found = Autograd.grad(Checkpoint.checkpoint(block, x).mul(x).sum(), x, w);
      assertThat(found.get(0).toDoubleArray()).containsExactly(ofX);
      assertThat(found.get(1).toDoubleArray()).containsExactly(ofW);
    }
  }

  @Test
  void onlyTheInputsAreKept() {
    try (Scope scope = Scope.open()) {
      Tensor x = large();
      Function<Tensor, Tensor> block = in -> in.exp().sin().exp().sin().exp();
      long before = inUse();
      Tensor plain = Scope.tidy(() -> block.apply(x));
      long without = inUse() - before;
      plain.close();
      assertThat(inUse()).isEqualTo(before);
      Tensor kept = Checkpoint.checkpoint(block, x);
      long with = inUse() - before;
      assertThat(without).isGreaterThanOrEqualTo(3 * BYTES); // what the exponentials made
      assertThat(with).isBetween((long) BYTES, BYTES + 256L); // the output
      kept.close();
      assertThat(inUse()).isEqualTo(before);
    }
  }

  @Test
  void eachTensorIsLetGoOfByTheNodeThatUsedIt() {
    try (Scope scope = Scope.open()) {
      Tensor x = large();
      List<Long> bytes = new ArrayList<>();
      Function<Tensor, Tensor> block =
          in -> {
            Tensor y = in;
            for (int i = 0; i < 6; i++) {
              y = y.sin(); // saves its input
              y.registerHook(
                  gradient -> {
                    bytes.add(inUse());
                    return null;
                  });
            }
            return y;
          };
      Tensor sum = Checkpoint.checkpoint(block, x).sum();
      sum.backward();
      // The first is seen before anything ran again; then there are five tensors, four, ...
      assertThat(bytes).hasSize(6);
      for (int i = 2; i < bytes.size(); i++) {
        assertThat(bytes.get(i - 1) - bytes.get(i)).isBetween((long) BYTES, BYTES + 256L);
      }
    }
  }

  @Test
  void theSecondRunEndsOnceItHasAllThatWasSaved() {
    try (Scope scope = Scope.open()) {
      List<String> log = new ArrayList<>();
      Tensor x = leaf();
      Tensor y =
          Checkpoint.checkpoint(
              in -> {
                log.add("begin");
                Tensor made = in.exp();
                log.add("end");
                return made.add(1); // saves nothing
              },
              x);
      y.sum().backward();
      assertThat(log).containsExactly("begin", "end", "begin");
    }
  }

  @Test
  void randomNumbersAreTheSameAgain() {
    try (Scope scope = Scope.open()) {
      Generator own = new Generator(5);
      for (Generator generator : List.of(own, Generator.defaultGenerator())) {
        Tensor x = large();
        Tensor y =
            Checkpoint.checkpoint(
                in -> F.dropout(in.mul(1), 0.5, true, generator).mul(in).mul(1), x, own);
        Tensor next = Tensor.rand(generator, 3);
        Generator.State state = generator.state();
        y.sum().backward();
        assertThat(generator.state()).isEqualTo(state);
        // y = x * x * mask, so the gradient is 2 * y / x.
        double[] expected = y.mul(2).div(x).toDoubleArray();
        assertThat(x.grad().toDoubleArray()).containsExactly(expected, within(1e-12));
        assertThat(y.eq(0).sum().item()).isBetween(BYTES / 32.0, BYTES / 8.0 * 3 / 4);
        assertThat(next.numel()).isEqualTo(3);
      }
    }
  }

  @Test
  void checkpointsWithinCheckpoints() {
    try (Scope scope = Scope.open()) {
      AtomicInteger inner = new AtomicInteger();
      AtomicInteger outer = new AtomicInteger();
      Function<Tensor, Tensor> small =
          in -> {
            inner.incrementAndGet();
            return in.sin().exp().sin();
          };
      Function<Tensor, Tensor> nested =
          in -> {
            outer.incrementAndGet();
            Tensor y = Checkpoint.checkpoint(small, in);
            return Checkpoint.checkpoint(small, y.mul(y));
          };
      Tensor x = large();
      small.apply(small.apply(x).pow(2)).sum().backward();
      double expected = x.grad().toDoubleArray()[0];
      x.setGrad(null);
      inner.set(0);
      long before = inUse();
      Tensor y = Checkpoint.checkpoint(nested, x);
      assertThat(inUse() - before).isBetween((long) BYTES, BYTES + 256L);
      y.sum().backward();
      assertThat(x.grad().toDoubleArray()[0]).isCloseTo(expected, within(1e-14));
      assertThat(outer).hasValue(2);
      // Twice in the first run, once or twice in the second, and once for each one's own backward.
      assertThat(inner.get()).isBetween(5, 6);
      assertThat(GradCheck.gradcheck(in -> Checkpoint.checkpoint(nested, in), leaf())).isTrue();
      assertThat(GradCheck.gradgradcheck(in -> Checkpoint.checkpoint(nested, in), leaf())).isTrue();
    }
  }

  @Test
  void severalInputsAndOutputsOfWhichOneIsUsed() {
    try (Scope scope = Scope.open()) {
      Tensor x = leaf();
      Tensor constant = Tensor.of(new double[] {1, 2, 3});
      List<Tensor> outputs =
          Checkpoint.checkpoint(
              in -> List.of(in.get(0).mul(in.get(1)), in.get(0).exp(), in.get(0)),
              List.of(x, constant));
      assertThat(outputs.get(2)).isSameAs(x);
      outputs.get(0).sum().backward();
      assertThat(x.grad().toDoubleArray()).containsExactly(1, 2, 3);
    }
  }

  @Test
  void aRetainedGraphIsRecomputedEachTime() {
    try (Scope scope = Scope.open()) {
      AtomicInteger runs = new AtomicInteger();
      Tensor x = leaf();
      Tensor sum =
          Checkpoint.checkpoint(
                  in -> {
                    runs.incrementAndGet();
                    return in.exp().sin();
                  },
                  x)
              .sum();
      sum.backward(null, true, false);
      double[] once = x.grad().toDoubleArray();
      sum.backward();
      assertThat(runs).hasValue(3);
      assertThat(x.grad().toDoubleArray()[2]).isEqualTo(2 * once[2]);
      assertThatThrownBy(sum::backward)
          .isInstanceOf(AutogradException.class)
          .hasMessageContaining("retainGraph");
    }
  }

  @Test
  void aFunctionMayDifferentiateItself() {
    try (Scope scope = Scope.open()) {
      Function<Tensor, Tensor> slope =
          in -> {
            Tensor y = in.pow(3).sum();
            return Autograd.grad(List.of(y), List.of(in), null, true, true, false).get(0).exp();
          };
      Tensor x = Tensor.of(new double[] {0.5, -0.2}).requiresGrad_();
      slope.apply(x).sum().backward();
      double[] expected = x.grad().toDoubleArray();
      x.setGrad(null);
      Checkpoint.checkpoint(slope, x).sum().backward();
      assertThat(x.grad().toDoubleArray()).containsExactly(expected);
    }
  }

  @Test
  void functionsWithGradientsOfTheirOwn() {
    try (Scope scope = Scope.open()) {
      io.kindling.autograd.Function square =
          new io.kindling.autograd.Function() {
            @Override
            protected Tensor[] forward(FunctionContext context, Tensor... inputs) {
              Tensor y = inputs[0].mul(inputs[0]);
              context.saveForBackward(inputs[0], y);
              return new Tensor[] {y};
            }

            @Override
            protected Tensor[] backward(FunctionContext context, Tensor... gradients) {
              Tensor[] saved = context.savedTensors();
              return new Tensor[] {gradients[0].mul(saved[1]).div(saved[0]).mul(2)};
            }
          };
      Function<Tensor, Tensor> block = in -> square.apply(in.sin()).exp();
      assertThat(GradCheck.gradcheck(in -> Checkpoint.checkpoint(block, in), leaf())).isTrue();
      assertThat(GradCheck.gradgradcheck(in -> Checkpoint.checkpoint(block, in), leaf())).isTrue();
    }
  }

  @Test
  void anomaliesAreNamedInCheckpointsToo() {
    try (Scope scope = Scope.open();
        RecordingScope on = Autograd.detectAnomaly()) {
      Tensor x = Tensor.of(new double[] {0, 1}).requiresGrad_();
      Tensor y = Checkpoint.checkpoint(in -> in.sqrt().mul(in), x);
      assertThatThrownBy(() -> y.mul(Tensor.of(new double[] {0, 1})).sum().backward())
          .isInstanceOf(AutogradException.class)
          .hasMessageContaining("SqrtBackward0 returned NaN")
          .cause()
          .hasMessageContaining("SqrtBackward0");
    }
  }

  @Test
  void nothingIsRunAgainWithoutBackward() {
    try (Scope scope = Scope.open()) {
      AtomicInteger runs = new AtomicInteger();
      Function<Tensor, Tensor> block =
          in -> {
            runs.incrementAndGet();
            return in.exp();
          };
      try (GradMode off = Autograd.noGrad()) {
        assertThat(Checkpoint.checkpoint(block, leaf()).requiresGrad()).isFalse();
      }
      assertThat(Checkpoint.checkpoint(block, leaf().detach()).requiresGrad()).isFalse();
      assertThat(Checkpoint.checkpoint(block, leaf()).requiresGrad()).isTrue();
      assertThat(runs).hasValue(3);
    }
  }

  @Test
  void aFunctionThatDoesOtherwiseIsRefused() {
    try (Scope scope = Scope.open()) {
      AtomicBoolean again = new AtomicBoolean();
      Tensor fewer =
          Checkpoint.checkpoint(
              in -> again.getAndSet(true) ? in.exp() : in.exp().sin().exp(), leaf());
      assertThatThrownBy(() -> fewer.sum().backward())
          .isInstanceOf(AutogradException.class)
          .hasMessageContaining("saved 3 tensors when it ran first and 1");
      again.set(false);
      Tensor other =
          Checkpoint.checkpoint(
              in -> again.getAndSet(true) ? in.narrow(0, 0, 2).exp() : in.exp(), leaf());
      assertThatThrownBy(() -> other.sum().backward())
          .isInstanceOf(AutogradException.class)
          .hasMessageContaining("shape [3]")
          .hasMessageContaining("[2]");
    }
  }

  @Test
  void anInputThatChangedIsNoticed() {
    try (Scope scope = Scope.open()) {
      Tensor x = leaf().mul(1);
      Tensor y = Checkpoint.checkpoint(Tensor::exp, x);
      x.add_(1);
      assertThatThrownBy(() -> y.sum().backward())
          .isInstanceOf(AutogradException.class)
          .hasMessageContaining("checkpoint: input 0")
          .hasMessageContaining("changed in place");
    }
  }

  @Test
  void failuresLeaveNothingBehind() {
    Tensor x = leaf(); // in no scope: LeakCheck counts what is left behind
    AtomicInteger runs = new AtomicInteger();
    Function<Tensor, Tensor> failing =
        in -> {
          Tensor y = in.exp();
          Tensor z = Checkpoint.checkpoint(inner -> inner.sin().exp(), y.mul(y));
          if (runs.incrementAndGet() != 2) {
            throw new IllegalStateException("on purpose");
          }
          return z.sin();
        };
    assertThatThrownBy(() -> Checkpoint.checkpoint(failing, x)).hasMessage("on purpose");
    Tensor y = Checkpoint.checkpoint(failing, x);
    try (Scope scope = Scope.open()) {
      Tensor sum = y.sum();
      assertThatThrownBy(sum::backward).hasMessage("on purpose");
      runs.set(1);
      sum.backward();
    }
    y.close();
    x.close();
  }

  @Test
  void threadsRunBackwardThroughOneRetainedGraph() throws InterruptedException {
    try (Scope scope = Scope.open()) {
      Tensor x = leaf();
      Tensor shared = Checkpoint.checkpoint(in -> in.mul(in).exp().log(), x);
      Thread[] threads = new Thread[4];
      List<Throwable> failures = new ArrayList<>();
      for (int i = 0; i < threads.length; i++) {
        threads[i] =
            new Thread(
                () -> {
                  try (Scope inner = Scope.open()) {
                    for (int k = 0; k < 50; k++) {
                      shared.sum().backward(null, true, false);
                    }
                  } catch (RuntimeException e) {
                    synchronized (failures) {
                      failures.add(e);
                    }
                  }
                });
        threads[i].start();
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(failures).isEmpty();
      assertThat(x.grad().toDoubleArray()[2]).isCloseTo(200 * 4, within(1e-9));
    }
  }
}
