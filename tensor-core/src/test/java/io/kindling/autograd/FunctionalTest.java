package io.kindling.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kindling.AutogradException;
import io.kindling.memory.Scope;
import io.kindling.tensor.Tensor;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * The numbers are what PyTorch 2.9.1's {@code torch.autograd.functional} gives for the same
 * functions and float64 inputs, rounded to twelve digits.
 */
class FunctionalTest {
  /** {@code (w @ x).tanh() * x[0]}. */
  private static final Function<Tensor, Tensor> VECTOR =
      x -> Tensor.of(new double[] {1, 2, 3, -1, 0.5, 4}, 2, 3).mv(x).tanh().mul(x.select(0, 0));

  /** {@code (x * x * y.sum(), y.exp())}. */
  private static final Function<List<Tensor>, List<Tensor>> TWO =
      in -> List.of(in.get(0).mul(in.get(0)).mul(in.get(1).sum()), in.get(1).exp());

  /** {@code (x ** 3).sum() + x[0] * x[1] * x[2]}. */
  private static final Function<Tensor, Tensor> CUBIC =
      x -> x.pow(3).sum().add(x.select(0, 0).mul(x.select(0, 1)).mul(x.select(0, 2)));

  /** {@code (x * x).sum() * y.exp().sum()}. */
  private static final Function<List<Tensor>, Tensor> OF_TWO =
      in -> in.get(0).mul(in.get(0)).sum().mul(in.get(1).exp().sum());

  private static Tensor x() {
    return Tensor.of(new double[] {0.5, -1.5, 2});
  }

  private static Tensor y() {
    return Tensor.of(new double[] {0.25, -0.5});
  }

  private static Tensor v() {
    return Tensor.of(new double[] {1, -1, 0.5});
  }

  private static Tensor u() {
    return Tensor.of(new double[] {3, -2});
  }

  private static void check(Tensor found, double... expected) {
    assertThat(found.toDoubleArray()).containsExactly(expected, within(2e-12));
    assertThat(found.requiresGrad()).isFalse();
  }

  @Test
  void jacobians() {
    try (Scope scope = Scope.open()) {
      Tensor jacobian = Functional.jacobian(VECTOR, x());
      assertThat(jacobian.shape()).hasToString("[2, 3]");
      check(
          jacobian,
          0.999998339971,
          0.00364088472,
          0.005461327081,
          0.999994516175,
          1.370955e-06,
          1.0967643e-05);
      List<List<Tensor>> two = Functional.jacobian(TWO, List.of(x(), y()));
      check(two.get(0).get(0), -0.25, 0, 0, 0, 0.75, 0, 0, 0, -1);
      check(two.get(0).get(1), 0.25, 0.25, 2.25, 2.25, 4, 4);
      assertThat(two.get(1).get(0).shape()).hasToString("[2, 3]");
      check(two.get(1).get(0), 0, 0, 0, 0, 0, 0);
      check(two.get(1).get(1), 1.284025416688, 0, 0, 0.606530659713);
      check(Functional.jacobian(x -> Tensor.ones(2), x()), 0, 0, 0, 0, 0, 0);
      check(Functional.jacobian(Tensor::sum, Tensor.of(new double[] {2}).squeeze()), 1);
      assertThat(Functional.jacobian(x -> x.narrow(0, 0, 0), x()).shape()).hasToString("[0, 3]");
      Tensor matrix = Tensor.of(new double[] {1, 2, 3, 4, 5, 6}, 2, 3).t();
      assertThat(Functional.jacobian(m -> m.sum(0), matrix).shape()).hasToString("[2, 3, 2]");
    }
  }

  @Test
  void hessians() {
    try (Scope scope = Scope.open()) {
      check(Functional.hessian(CUBIC, x()), 3, 2, -1.5, 2, -9, 0.5, -1.5, 0.5, 12);
      List<List<Tensor>> two = Functional.hessian(OF_TWO, List.of(x(), y()));
      double diagonal = 3.781112152801;
      check(two.get(0).get(0), diagonal, 0, 0, 0, diagonal, 0, 0, 0, diagonal);
      check(
          two.get(0).get(1),
          1.284025416688,
          0.606530659713,
          -3.852076250063,
          -1.819591979138,
          5.136101666751,
          2.426122638851);
      check(
          two.get(1).get(0),
          1.284025416688,
          -3.852076250063,
          5.136101666751,
          0.606530659713,
          -1.819591979138,
          2.426122638851);
      check(two.get(1).get(1), 8.34616520847, 0, 0, 3.942449288132);
      check(Functional.hessian(Tensor::sum, x()), 0, 0, 0, 0, 0, 0, 0, 0, 0);
      assertThatThrownBy(() -> Functional.hessian(x -> x.mul(2), x()))
          .isInstanceOf(AutogradException.class)
          .hasMessageContaining("must return one element");
    }
  }

  @Test
  void products() {
    try (Scope scope = Scope.open()) {
      Functional.Product<Tensor> vjp = Functional.vjp(VECTOR, x(), u());
      check(vjp.output(), 0.499088948806, 0.499998629043);
      check(vjp.product(), 1.000005987564, 0.010919912251, 0.016362045957);
      Functional.Product<Tensor> jvp = Functional.jvp(VECTOR, x(), v());
      check(jvp.output(), 0.499088948806, 0.499998629043);
      check(jvp.product(), 0.999088118791, 0.999998629041);
      Functional.Product<Tensor> hvp = Functional.hvp(CUBIC, x(), v());
      check(hvp.output(), 3.25);
      check(hvp.product(), 0.25, 11.25, 4);
      Functional.Product<List<Tensor>> both =
          Functional.jvp(TWO, List.of(x(), y()), List.of(v(), u()), false, false);
      check(both.output().get(0), -0.0625, -0.5625, -1);
      check(both.output().get(1), 1.284025416688, 0.606530659713);
      check(both.product().get(0), 0, 1.5, 3.5);
      check(both.product().get(1), 3.852076250063, -1.213061319425);
      both = Functional.vjp(TWO, List.of(x(), y()), List.of(v(), u()), false, false);
      check(both.product().get(0), -0.25, -0.75, -0.5); // 2 * x * y.sum() * v
      Functional.Product<List<Tensor>> second =
          Functional.hvp(OF_TWO, List.of(x(), y()), List.of(v(), u()), false, false);
      check(second.output().get(0), 12.288614496602);
      check(second.product().get(0), 6.420127083439, -11.698156944715, 12.446615798952);
      check(second.product().get(1), 32.742648125537, -4.245714617988);
      check(Functional.vjp(CUBIC, x(), null).product(), -2.25, 7.75, 11.25);
    }
  }

  @Test
  void aRecordedResultCanBeDifferentiated() {
    try (Scope scope = Scope.open()) {
      Tensor x = x().requiresGrad_();
      Tensor jacobian =
          Functional.jacobian(in -> List.of(VECTOR.apply(in.get(0))), List.of(x), true, false)
              .get(0)
              .get(0);
      check(
          Autograd.grad(jacobian.sum(), x).get(0),
          0.003713591984,
          -0.036336093178,
          -0.054548695644);
      assertThat(
              GradCheck.gradcheck(
                  in -> Functional.jacobian(TWO, in, true, false).get(0),
                  List.of(x().requiresGrad_(), y().requiresGrad_())))
          .isTrue();
      Tensor pure = x().requiresGrad_();
      assertThat(Functional.jacobian(VECTOR, pure).requiresGrad()).isFalse();
      assertThat(pure.grad()).isNull();
    }
  }

  @Test
  void strictRefusesWhatDoesNotDepend() {
    try (Scope scope = Scope.open()) {
      List<Tensor> inputs = List.of(x(), y());
      assertThatThrownBy(
              () -> Functional.jacobian(in -> List.of(Tensor.ones(2)), inputs, false, true))
          .isInstanceOf(AutogradException.class)
          .hasMessageContaining("output 0 of the function does not depend on any input");
      assertThatThrownBy(
              () -> Functional.jacobian(in -> List.of(in.get(0).mul(2)), inputs, false, true))
          .isInstanceOf(AutogradException.class)
          .hasMessageContaining("output 0 of the function does not depend on input 1");
    }
  }

  @Test
  void recordingMayBeOffAround() {
    try (Scope scope = Scope.open();
        GradMode off = Autograd.noGrad()) {
      check(Functional.hessian(CUBIC, x()), 3, 2, -1.5, 2, -9, 0.5, -1.5, 0.5, 12);
      assertThat(Autograd.isGradEnabled()).isFalse();
      Tensor normal = x();
      try (InferenceMode on = Autograd.inferenceMode()) {
        Tensor jacobian = Functional.jacobian(x -> x.mul(x), normal);
        assertThat(jacobian.diagonal(0, 0, 1).toDoubleArray()).containsExactly(1, -3, 4);
      }
    }
  }
}
