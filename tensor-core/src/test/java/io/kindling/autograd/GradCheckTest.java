package io.kindling.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.AutogradException;
import io.kindling.autograd.GradCheck.Options;
import io.kindling.memory.Scope;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class GradCheckTest {
  private static Tensor x() {
    return Tensor.of(new double[] {0.5, -1.5, 2, 0.3, 1.1, -0.2}, 2, 3).requiresGrad_();
  }

  @Test
  void rightGradientsPass() {
    try (Scope scope = Scope.open()) {
      Tensor w = Tensor.of(new double[] {3, 4, 5}, 3, 1).requiresGrad_();
      Function<List<Tensor>, List<Tensor>> function =
          in -> List.of(in.get(0).matmul(in.get(1)).tanh(), in.get(0).argmax(), in.get(1).exp());
      List<Tensor> inputs = List.of(x(), w);
      assertThat(GradCheck.gradcheck(function, inputs)).isTrue();
      assertThat(GradCheck.gradgradcheck(function, inputs)).isTrue();
      assertThat(w.toDoubleArray()).containsExactly(3, 4, 5);
      assertThat(w.grad()).isNull();
    }
  }

  @Test
  void aWrongGradientIsFoundWithItsPlace() {
    try (Scope scope = Scope.open()) {
      Tensor w = Tensor.of(new double[] {3, 4, 5}).requiresGrad_();
      Function<List<Tensor>, List<Tensor>> function =
          in -> {
            Tensor wrong = in.get(1).mul(2);
            wrong.registerHook(
                gradient -> gradient.mul(Tensor.of(new double[] {1, 1.01, 1}, 1, 3).squeeze(0)));
            return List.of(in.get(0).exp(), in.get(0).mul(wrong));
          };
      List<Tensor> inputs = List.of(x(), w);
      assertThatThrownBy(() -> GradCheck.gradcheck(function, inputs))
          .isInstanceOf(AutogradException.class)
          .hasMessageContaining("output 1 with respect to input 1")
          // Four times the element of x, moved by a hundredth: the largest is that of 1.1.
          .hasMessageContaining("worst at input element 1 and output element 1")
          .hasMessageContaining("numerical:\ntensor([[")
          .hasMessageContaining("analytical:\ntensor([[");
      assertThat(GradCheck.gradcheck(function, inputs, Options.DEFAULTS.raiseException(false)))
          .isFalse();
      assertThat(GradCheck.gradcheck(function, inputs, Options.DEFAULTS.rtol(0.02))).isTrue();
      assertThat(GradCheck.gradcheck(function, inputs, Options.DEFAULTS.atol(0.1))).isTrue();
    }
  }

  @Test
  void aSecondGradientThatIsCutOffIsFound() {
    try (Scope scope = Scope.open()) {
      Function<Tensor, Tensor> function =
          x -> {
            Tensor y = x.exp();
            y.registerHook(Tensor::detach);
            return y;
          };
      assertThat(GradCheck.gradcheck(function, x())).isTrue();
      assertThatThrownBy(() -> GradCheck.gradgradcheck(function, x()))
          .isInstanceOf(AutogradException.class)
          .hasMessageContaining("output 0 with respect to input 1"); // what flows in
    }
  }

  @Test
  void anOutputThatIsCutOffIsFound() {
    try (Scope scope = Scope.open()) {
      assertThatThrownBy(() -> GradCheck.gradcheck(x -> x.detach().exp(), x()))
          .isInstanceOf(AutogradException.class)
          .hasMessageContaining("does not require a gradient but depends on input 0");
      assertThat(GradCheck.gradcheck(x -> Tensor.ones(3), x())).isTrue();
    }
  }

  @Test
  void backwardThatDiffersEachTimeIsFound() {
    try (Scope scope = Scope.open()) {
      AtomicInteger passes = new AtomicInteger();
      Function<List<Tensor>, List<Tensor>> function =
          in -> {
            Tensor y = in.get(0).mul(2);
            y.registerHook(gradient -> gradient.mul(1 + 1e-9 * passes.incrementAndGet()));
            return List.of(y);
          };
      List<Tensor> inputs = List.of(x());
      assertThatThrownBy(() -> GradCheck.gradcheck(function, inputs))
          .isInstanceOf(AutogradException.class)
          .hasMessageContaining("not reentrant");
      assertThat(GradCheck.gradcheck(function, inputs, Options.DEFAULTS.nondetTol(1e-6))).isTrue();
    }
  }

  @Test
  void inputsOfEveryLayoutAreMovedAndPutBack() {
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.arange(24, DType.FLOAT64).view(4, 6).t().slice(0, 1, 6, 2).detach();
      x.requiresGrad_();
      double[] before = x.toDoubleArray();
      assertThat(GradCheck.gradcheck(t -> t.mul(t).sum(0), x)).isTrue();
      assertThat(x.toDoubleArray()).containsExactly(before);
      Tensor number = Tensor.of(new double[] {3}).squeeze().detach().requiresGrad_();
      assertThat(GradCheck.gradcheck(Tensor::exp, number)).isTrue();
      Tensor none = Tensor.zeros(new long[] {0, 3}, DType.FLOAT64).requiresGrad_();
      assertThat(GradCheck.gradcheck(Tensor::exp, none)).isTrue();
    }
  }

  @Test
  void float32NeedsAWiderStep() {
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.of(new float[] {0.5f, -1.5f}).requiresGrad_();
      Options options = Options.DEFAULTS.raiseException(false);
      assertThat(GradCheck.gradcheck(in -> List.of(in.get(0).exp()), List.of(x), options))
          .isFalse();
      assertThat(
              GradCheck.gradcheck(
                  in -> List.of(in.get(0).exp()),
                  List.of(x),
                  options.eps(1e-2).atol(1e-3).rtol(1e-2)))
          .isTrue();
    }
  }

  @Test
  void inputsThatCannotBeCheckedAreRefused() {
    try (Scope scope = Scope.open()) {
      assertThatThrownBy(() -> GradCheck.gradcheck(Tensor::exp, Tensor.ones(2)))
          .isInstanceOf(AutogradException.class)
          .hasMessageContaining("none of the inputs requires a gradient");
      Tensor wide = Tensor.of(new double[] {1}).expand(3).detach().requiresGrad_();
      assertThatThrownBy(() -> GradCheck.gradcheck(Tensor::exp, wide))
          .isInstanceOf(AutogradException.class)
          .hasMessageContaining("share memory");
    }
  }
}
