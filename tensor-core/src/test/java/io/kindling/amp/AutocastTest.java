package io.kindling.amp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.DTypeException;
import io.kindling.KindlingException;
import io.kindling.autograd.Autograd;
import io.kindling.autograd.Checkpoint;
import io.kindling.autograd.Functional;
import io.kindling.backend.Backend;
import io.kindling.backend.Backends;
import io.kindling.memory.Scope;
import io.kindling.nn.functional.F;
import io.kindling.op.elementwise.Copy;
import io.kindling.op.loss.LossReduction;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import io.kindling.tensor.Generator;
import io.kindling.tensor.Tensor;
import io.kindling.testing.ObservedBackend;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What a region does; the family {@code autocast} of the surface says what each function does. */
class AutocastTest {
  private static final Generator GENERATOR = new Generator(5);

  private static Tensor random(long... shape) {
    return Tensor.rand(GENERATOR, shape).sub(0.5);
  }

  private static Tensor weight(long... shape) {
    return random(shape).detach().requiresGrad_();
  }

  private static Autocast bfloat16() {
    return Autocast.enable(DType.BFLOAT16);
  }

  /** How many casts to a smaller type run. */
  private static int casts(Supplier<Tensor> body) {
    AtomicInteger casts = new AtomicInteger();
    Backend last = Backends.of(Device.Type.CPU).get(Backends.of(Device.Type.CPU).size() - 1);
    Backend counting =
        new ObservedBackend(
            last,
            (kernel, op, inputs) -> {
              if (op instanceof Copy copy && copy.dtype().bytes() == 2) {
                casts.incrementAndGet();
              }
              return kernel;
            });
    Backends.only(counting, body);
    return casts.get();
  }

  @Test
  void typesFollowTheRegion() {
    try (Scope scope = Scope.open()) {
      Tensor x = random(4, 3);
      Tensor w = weight(5, 3);
      Tensor classes = Tensor.of(new long[] {0, 4, 2, 2});
      assertThat(Autocast.isEnabled()).isFalse();
      try (var cast = bfloat16()) {
        assertThat(Autocast.isEnabled()).isTrue();
        assertThat(cast.dtype()).isEqualTo(DType.BFLOAT16);
        Tensor y = F.linear(x, w, null);
        assertThat(y.dtype()).isEqualTo(DType.BFLOAT16);
        assertThat(F.crossEntropy(y, classes, null, -100, LossReduction.MEAN).dtype())
            .isEqualTo(DType.FLOAT32);
        try (var off = Autocast.enabled(false)) {
          assertThat(Autocast.isEnabled()).isFalse();
          assertThat(x.matmul(w.t()).dtype()).isEqualTo(DType.FLOAT32);
          try (var half = Autocast.enable(DType.FLOAT16)) {
            assertThat(F.linear(x, w, null).dtype()).isEqualTo(DType.FLOAT16);
          }
        }
        assertThat(x.matmul(w.t()).dtype()).isEqualTo(DType.BFLOAT16);
        assertThat(x.to(DType.FLOAT64).matmul(w.to(DType.FLOAT64).t()).dtype())
            .isEqualTo(DType.FLOAT64);
        assertThat(F.linear(x, w, null).dtype()).isEqualTo(DType.BFLOAT16);
      }
      assertThat(Autocast.isEnabled()).isFalse();
      assertThat(F.linear(x, w, null).dtype()).isEqualTo(DType.FLOAT32);
    }
  }

  @Test
  void onlySmallFloatingTypes() {
    assertThatThrownBy(() -> Autocast.enable(DType.FLOAT64))
        .isInstanceOf(DTypeException.class)
        .hasMessageContaining("float64");
    assertThat(Autocast.isEnabled()).isFalse();
  }

  @Test
  void gradientsHaveTheirTensorsTypes() {
    try (Scope scope = Scope.open()) {
      Tensor x = weight(4, 3);
      Tensor w = weight(5, 3);
      AtomicReference<DType> within = new AtomicReference<>();
      try (var cast = bfloat16()) {
        Tensor y = F.linear(x, w, null);
        y.registerHook(
            gradient -> {
              within.set(gradient.matmul(Tensor.ones(5, 5).to(DType.BFLOAT16)).dtype());
              assertThat(Autocast.isEnabled()).isFalse();
              return null;
            });
        y.square().sum().backward(); // inside, and yet without casts
        assertThat(Autocast.isEnabled()).isTrue();
      }
      assertThat(within).hasValue(DType.BFLOAT16);
      assertThat(x.grad().dtype()).isEqualTo(DType.FLOAT32);
      assertThat(w.grad().dtype()).isEqualTo(DType.FLOAT32);
      Tensor exact = weight(5, 3);
      try (var off = Autograd.noGrad()) {
        exact.copy_(w);
      }
      F.linear(x.detach(), exact, null).square().sum().backward();
      double far = w.grad().sub(exact.grad()).abs().max().item();
      assertThat(far).isBetween(1e-6, 0.02 * exact.grad().abs().max().item());
    }
  }

  @Test
  void aWeightIsCastOnce() {
    try (Scope scope = Scope.open()) {
      Tensor x = random(4, 3);
      Tensor w = weight(3, 3);
      Supplier<Tensor> twice =
          () -> {
            try (var cast = bfloat16()) {
              Tensor y;
              try (Scope inner = Scope.open()) {
                y = inner.keep(F.linear(x, w, null));
              }
              return F.linear(y, w, null); // y has the type already
            }
          };
      assertThat(casts(twice)).isEqualTo(2);
      assertThat(
              casts(
                  () -> {
                    try (var cast = Autocast.enabled(true, DType.BFLOAT16, false)) {
                      return F.linear(F.linear(x, w, null), w, null);
                    }
                  }))
          .isEqualTo(3);
      twice.get().sum().backward();
      assertThat(w.grad().dtype()).isEqualTo(DType.FLOAT32);
    }
  }

  @Test
  void aChangedWeightIsCastAgain() {
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.ones(1, 2);
      Tensor w = Tensor.ones(1, 2).requiresGrad_();
      try (var cast = bfloat16()) {
        assertThat(F.linear(x, w, null).item()).isEqualTo(2);
        for (int step = 1; step < 4; step++) {
          Tensor y = F.linear(x, w, null);
          y.backward();
          try (var off = Autograd.noGrad()) {
            w.add_(w.grad());
          }
          w.setGrad(null);
          assertThat(F.linear(x, w, null).item()).isEqualTo(2 + 2 * step);
        }
      }
    }
  }

  @Test
  void whatWasCastWithoutARecordDoesNotCutTheWayBack() {
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.ones(1, 2);
      Tensor w = weight(1, 2);
      try (var cast = bfloat16()) {
        try (var off = Autograd.noGrad()) {
          assertThat(F.linear(x, w, null).requiresGrad()).isFalse();
        }
        try (var inference = Autograd.inferenceMode()) {
          assertThat(F.linear(x, w, null).dtype()).isEqualTo(DType.BFLOAT16);
        }
        F.linear(x, w, null).backward();
        assertThat(w.grad().toFloatArray()).containsExactly(1, 1);
        try (var inference = Autograd.inferenceMode()) {
          assertThat(F.linear(x, w, null).isInference()).isTrue();
        }
      }
    }
  }

  @Test
  void checkpointsRunAgainInTheSameRegion() {
    try (Scope scope = Scope.open()) {
      Tensor x = weight(4, 3);
      Tensor w = weight(3, 3);
      AtomicInteger runs = new AtomicInteger();
      Function<Tensor, Tensor> block =
          in -> {
            runs.incrementAndGet();
            Tensor y = F.linear(in, w, null);
            assertThat(y.dtype()).isEqualTo(DType.BFLOAT16);
            return F.linear(y.relu(), w, null).tanh();
          };
      Tensor y;
      try (var cast = bfloat16()) {
        y = block.apply(x);
      }
      y.sum().backward();
      float[] ofX = x.grad().toFloatArray();
      float[] ofW = w.grad().toFloatArray();
      x.setGrad(null);
      w.setGrad(null);
      try (var cast = bfloat16()) {
        y = Checkpoint.checkpoint(block, x);
      }
      y.sum().backward();
      assertThat(runs).hasValue(3);
      assertThat(Autocast.isEnabled()).isFalse();
      assertThat(x.grad().toFloatArray()).containsExactly(ofX);
      assertThat(w.grad().toFloatArray()).containsExactly(ofW);
      Tensor plain = Checkpoint.checkpoint(in -> F.linear(in, w, null).tanh(), x);
      try (var cast = bfloat16()) {
        plain.sum().backward(); // a block that ran outside runs outside again
      }
    }
  }

  @Test
  void derivativesOfFunctions() {
    try (Scope scope = Scope.open()) {
      Tensor w = random(3, 3);
      Tensor x = random(3);
      try (var cast = bfloat16()) {
        Tensor jacobian =
            Functional.jacobian(
                in -> {
                  Tensor y = in.matmul(w);
                  assertThat(y.dtype()).isEqualTo(DType.BFLOAT16);
                  return y;
                },
                x);
        assertThat(jacobian.sub(w.t()).abs().max().item()).isLessThan(0.01);
      }
    }
  }

  @Test
  void gradientsOfGradients() {
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.of(new float[] {1, 2}, 1, 2).requiresGrad_();
      Tensor w = Tensor.of(new float[] {3, 4}, 1, 2).requiresGrad_();
      Tensor y;
      try (var cast = bfloat16()) {
        y = F.linear(x, w, null).square();
      }
      Tensor first = Autograd.grad(List.of(y.sum()), List.of(x), null, false, true, false).get(0);
      Autograd.grad(first.sum(), w)
          .forEach(g -> assertThat(g.toFloatArray()).containsExactly(36, 50));
    }
  }

  @Test
  void aRegionBelongsToItsThread() throws InterruptedException {
    AtomicReference<Throwable> refused = new AtomicReference<>();
    AtomicReference<Boolean> elsewhere = new AtomicReference<>();
    try (var cast = bfloat16()) {
      Thread other =
          new Thread(
              () -> {
                elsewhere.set(Autocast.isEnabled());
                try {
                  cast.close();
                } catch (KindlingException e) {
                  refused.set(e);
                }
              });
      other.start();
      other.join();
      assertThat(Autocast.isEnabled()).isTrue();
    }
    assertThat(elsewhere).hasValue(false);
    assertThat(refused.get()).hasMessageContaining("thread");
  }

  @Test
  void regionsAreClosedInnermostFirst() {
    Autocast outer = bfloat16();
    Autocast inner = Autocast.enabled(false);
    assertThatThrownBy(outer::close).hasMessageContaining("innermost first");
    inner.close();
    inner.close();
    assertThat(Autocast.isEnabled()).isTrue();
    outer.close();
    assertThat(Autocast.isEnabled()).isFalse();
  }

  @Test
  void inPlaceAndIntoATensorNothingIsCast() {
    try (Scope scope = Scope.open()) {
      Tensor a = random(3, 3);
      Tensor target = Tensor.zeros(3, 3);
      Tensor exact = a.matmul(a);
      try (var cast = bfloat16()) {
        Tensor.out(target, () -> a.mm(a));
        assertThat(target.toFloatArray()).containsExactly(exact.toFloatArray());
        assertThat(a.mul_(2).dtype()).isEqualTo(DType.FLOAT32);
      }
    }
  }

  @Test
  void aRefusalNamesTheFunctionAndLeavesTheRegion() {
    try (Scope scope = Scope.open();
        var cast = bfloat16()) {
      Tensor a = random(3, 4);
      assertThatThrownBy(() -> a.mm(a)).hasMessageContaining("mm");
      Tensor half = a.to(DType.FLOAT16);
      assertThatThrownBy(() -> Tensor.cat(List.of(half, a.to(DType.BFLOAT16)), 0))
          .isInstanceOf(DTypeException.class)
          .hasMessageContaining("cat")
          .hasMessageContaining("float16");
      assertThat(Autocast.isEnabled()).isTrue();
    }
  }
}
