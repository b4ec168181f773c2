package io.kindling.op.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.kindling.ShapeException;
import io.kindling.autograd.Autograd;
import io.kindling.autograd.GradCheck;
import io.kindling.backend.Backend;
import io.kindling.backend.Backends;
import io.kindling.memory.Scope;
import io.kindling.nn.functional.F;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import io.kindling.tensor.Generator;
import io.kindling.tensor.Tensor;
import io.kindling.testing.Closeness;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Cross entropy beside what it stands for: log-softmax, then the negative log likelihood. */
class CrossEntropyTest {
  private static final List<Backend> BACKENDS = Backends.of(Device.Type.CPU);
  private static final long NONE_IGNORED = -100;

  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  private static Tensor parts(
      Tensor x, Tensor target, Tensor weight, long ignored, LossReduction reduction) {
    return F.nllLoss(x.logSoftmax(x.dim() == 1 ? 0 : 1), target, weight, ignored, reduction);
  }

  @Test
  void isTheLikelihoodOfLogSoftmaxInLossAndGradient() {
    for (long[] shape : new long[][] {{10}, {1, 1}, {7, 1}, {300, 10}, {9, 207}, {5, 4, 6, 7}}) {
      for (double spread : new double[] {1, 10, 200}) {
        for (LossReduction reduction : LossReduction.values()) {
          check(Tensor.randn(new Generator(1), shape).mul(spread), reduction);
        }
      }
    }
    check(Tensor.randn(new Generator(2), 10, 64).t(), LossReduction.MEAN);
    check(Tensor.randn(new Generator(2), 64, 20).slice(1, 3, 20, 2), LossReduction.NONE);
  }

  private static void check(Tensor x, LossReduction reduction) {
    long classes = x.size(x.dim() == 1 ? 0 : 1);
    long[] shape = x.dim() == 1 ? new long[0] : x.select(1, 0).shape().toArray();
    Tensor target = Tensor.randint(new Generator(3), 0, classes, shape);
    Tensor weight = Tensor.rand(new Generator(4), classes).add(0.5);
    for (Backend backend : BACKENDS) {
      for (Tensor weights : new Tensor[] {null, weight}) {
        for (long ignored : new long[] {NONE_IGNORED, 0}) {
          Tensor exact = x.toDouble().detach().requiresGrad_();
          Tensor expected =
              parts(exact, target, weights == null ? null : weights.toDouble(), ignored, reduction);
          Tensor leaf = x.detach().requiresGrad_();
          Tensor found =
              Backends.only(
                  backend, () -> F.crossEntropy(leaf, target, weights, ignored, reduction));
          String what = backend.name() + " " + x.layout() + " " + reduction + " " + ignored;
          new Closeness(3e-6).check(what, found, expected);
          Tensor expectedGradient = Autograd.grad(expected.sum(), exact).get(0);
          Tensor gradient = Backends.only(backend, () -> Autograd.grad(found.sum(), leaf).get(0));
          new Closeness(3e-6).check(what + ": gradient", gradient, expectedGradient);
        }
      }
    }
  }

  @Test
  void hasGradientsOfGradients() {
    Tensor target = Tensor.of(new long[] {2, 0, 1, 2}, 4);
    Tensor weight = Tensor.of(new float[] {0.5f, 2, 1}, 3).toDouble();
    Tensor x = Tensor.randn(new Generator(1), 4, 3).toDouble().requiresGrad_();
    for (LossReduction reduction : LossReduction.values()) {
      for (long ignored : new long[] {NONE_IGNORED, 2}) {
        for (Tensor weights : new Tensor[] {null, weight}) {
          assertThat(
                  GradCheck.gradgradcheck(
                      in -> F.crossEntropy(in, target, weights, ignored, reduction), x))
              .isTrue();
        }
      }
    }
  }

  /** The probability of the target rounds to 1, and is known by what the others have. */
  @Test
  void aConfidentPredictionKeepsItsSmallLoss() {
    Tensor target = Tensor.of(new long[] {1}, 1);
    for (double ahead : new double[] {1, 5, 12, 20, 40, 80}) {
      Tensor x = Tensor.of(new float[] {0, (float) ahead, -1, -3}, 1, 4);
      double others = Math.exp(-ahead) + Math.exp(-1 - ahead) + Math.exp(-3 - ahead);
      for (Backend backend : BACKENDS) {
        assertThat(loss(backend, x, target))
            .as("%s, ahead by %s", backend.name(), ahead)
            .isCloseTo(Math.log1p(others), withinPercentage(0.001));
      }
    }
  }

  /** Beyond what float32 has as a probability. */
  @Test
  void aVanishingProbabilityKeepsItsLargeLoss() {
    Tensor target = Tensor.of(new long[] {2}, 1);
    for (double behind : new double[] {50, 86, 88, 100, 1e4, 3e38}) {
      Tensor x = Tensor.of(new float[] {1, 1, (float) (1 - behind), 0}, 1, 4);
      double expected = behind + Math.log(2 + Math.exp(-1));
      for (Backend backend : BACKENDS) {
        assertThat(loss(backend, x, target))
            .as("%s, behind by %s", backend.name(), behind)
            .isCloseTo(expected, withinPercentage(0.0001));
      }
    }
  }

  /** A quarter of float16's numbers are too small for a probability among many. */
  @Test
  void halfPrecision() {
    for (DType dtype : List.of(DType.FLOAT16, DType.BFLOAT16)) {
      Tensor x = Tensor.randn(new Generator(5), 40, 30).mul(6).to(dtype);
      Tensor target = Tensor.randint(new Generator(6), 0, 30, 40);
      for (Backend backend : BACKENDS) {
        Tensor found =
            Backends.only(
                backend, () -> F.crossEntropy(x, target, null, NONE_IGNORED, LossReduction.NONE));
        Tensor expected = parts(x.toDouble(), target, null, NONE_IGNORED, LossReduction.NONE);
        Closeness.of(dtype).check(backend.name(), found, expected);
      }
    }
  }

  private static double loss(Backend backend, Tensor x, Tensor target) {
    return Backends.only(
            backend, () -> F.crossEntropy(x, target, null, NONE_IGNORED, LossReduction.MEAN))
        .item();
  }

  @Test
  void notANumberAndInfinityAreAsInItsParts() {
    Tensor target = Tensor.randint(new Generator(7), 0, 10, 200);
    for (float odd : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      for (long at = 0; at < 10; at++) {
        Tensor x = Tensor.randn(new Generator(8), 200, 10);
        x.select(0, 150).narrow(0, at, 1).fill_(odd);
        for (Backend backend : BACKENDS) {
          List<Tensor> expected = lossesAndGradient(backend, x, target, false);
          List<Tensor> found = lossesAndGradient(backend, x, target, true);
          String what = backend.name() + ", " + odd + " at " + at;
          new Closeness(3e-6).check(what, found.get(0), expected.get(0));
          new Closeness(3e-6).check(what + ": gradient", found.get(1), expected.get(1));
        }
      }
    }
  }

  private static List<Tensor> lossesAndGradient(
      Backend backend, Tensor x, Tensor target, boolean whole) {
    return Backends.only(
        backend,
        () -> {
          Tensor leaf = x.detach().requiresGrad_();
          Tensor losses =
              whole
                  ? F.crossEntropy(leaf, target, null, 3, LossReduction.NONE)
                  : parts(leaf, target, null, 3, LossReduction.NONE);
          return List.of(losses, Autograd.grad(losses.sum(), leaf).get(0));
        });
  }

  @Test
  void aTargetBeyondTheClassesIsRefused() {
    Tensor x = Tensor.randn(new Generator(1), 4, 3);
    for (long wrong : new long[] {3, -1, Long.MIN_VALUE}) {
      Tensor target = Tensor.of(new long[] {0, 2, wrong, 1}, 4);
      assertThatThrownBy(() -> F.crossEntropy(x, target, null, NONE_IGNORED, LossReduction.MEAN))
          .isInstanceOf(ShapeException.class)
          .hasMessageContaining("crossEntropy")
          .hasMessageContaining("target " + wrong + " at position 2 is no class")
          .hasMessageContaining("expected 0 to 2, or ignoreIndex -100");
    }
  }

  @Test
  void whereNothingCountsTheMeanIsNoNumberAndTheGradientZero() {
    Tensor x = Tensor.randn(new Generator(1), 4, 3).requiresGrad_();
    Tensor target = Tensor.full(-100, DType.INT64, 4);
    Tensor loss = F.crossEntropy(x, target, null, NONE_IGNORED, LossReduction.MEAN);
    assertThat(loss.item()).isNaN();
    assertThat(Autograd.grad(loss, x).get(0).toDoubleArray()).containsOnly(0);
  }
}
