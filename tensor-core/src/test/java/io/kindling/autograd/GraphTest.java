package io.kindling.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.AutogradException;
import io.kindling.memory.Scope;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The graph as it is seen from outside, and the switches that say what goes on it. */
class GraphTest {
  @Test
  void aGraphCanBeWalked() {
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.ones(2, 3).requiresGrad_();
      Tensor constant = Tensor.ones(2, 3);
      Tensor y = x.exp().mul(constant).sum();
      assertThat(x.gradFn()).isNull();
      assertThat(constant.gradFn()).isNull();
      Node sum = y.gradFn();
      assertThat(sum.name()).isEqualTo("SumBackward0");
      assertThat(sum.nextFunctions()).hasSize(1);
      Node product = sum.nextFunctions().get(0).node();
      assertThat(product).hasToString("<MulBackward0>");
      assertThat(product.nextFunctions()).hasSize(2);
      assertThat(product.nextFunctions().get(1)).isNull();
      Edge toExp = product.nextFunctions().get(0);
      assertThat(toExp.node().name()).isEqualTo("ExpBackward0");
      assertThat(toExp.index()).isZero();
      Node leaf = toExp.node().nextFunctions().get(0).node();
      assertThat(leaf.name()).isEqualTo("AccumulateGrad");
      assertThat(leaf.nextFunctions()).isEmpty();
      assertThat(x.mul(2).gradFn().nextFunctions().get(0).node()).isSameAs(leaf);
    }
  }

  @Test
  void anEdgeSaysWhichOutputItComesFrom() {
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.ones(4).requiresGrad_();
      Tensor values = x.sort(0, false).values();
      Edge edge = values.exp().gradFn().nextFunctions().get(0);
      assertThat(edge.node()).isSameAs(values.gradFn());
      assertThat(edge.index()).isZero();
    }
  }

  @Test
  void aGraphPrintsAsATree() {
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.ones(2, 3).requiresGrad_();
      Tensor y = x.exp().mul(x).neg().sum();
      assertThat(y.gradFn().graph())
          .isEqualTo(
              """
              1 SumBackward0
              2 NegBackward0 float32[2, 3]
              3 MulBackward0 float32[2, 3]
                4 ExpBackward0 float32[2, 3]
                5 AccumulateGrad float32[2, 3]
                5 AccumulateGrad float32[2, 3], see above
              """);
      Tensor z = x;
      for (int i = 0; i < 100_000; i++) {
        Tensor next = z.add(x);
        if (z != x) {
          z.close();
        }
        z = next;
      }
      assertThat(z.gradFn().graph()).endsWith("... and more\n").hasLineCount(501);
    }
  }

  @Test
  void recordingIsSwitchedForABlock() {
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.ones(2).requiresGrad_();
      assertThat(Autograd.isGradEnabled()).isTrue();
      try (GradMode off = Autograd.noGrad()) {
        assertThat(Autograd.isGradEnabled()).isFalse();
        assertThat(x.exp().requiresGrad()).isFalse();
        try (GradMode on = Autograd.enableGrad()) {
          assertThat(Autograd.isGradEnabled()).isTrue();
          assertThat(x.exp().requiresGrad()).isTrue();
        }
        try (GradMode off2 = Autograd.setGradEnabled(false)) {
          assertThat(x.exp().requiresGrad()).isFalse();
        }
        assertThat(Autograd.isGradEnabled()).isFalse();
        assertThat(x.detach().requiresGrad_().requiresGrad()).isTrue();
      }
      try (GradMode on = Autograd.setGradEnabled(true)) {
        assertThat(x.exp().requiresGrad()).isTrue();
      }
      assertThat(Autograd.isGradEnabled()).isTrue();
    }
  }

  @Test
  void whatMayRequireAGradient() {
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.ones(2);
      assertThat(x.requiresGrad_()).isSameAs(x);
      assertThat(x.requiresGrad()).isTrue();
      assertThat(x.requiresGrad_(false).requiresGrad()).isFalse();
      x.requiresGrad_();
      Tensor y = x.exp();
      assertThat(y.isLeaf()).isFalse();
      assertThat(y.requiresGrad_()).isSameAs(y);
      // "you can only change requires_grad flags of leaf variables"
      assertThatThrownBy(() -> y.requiresGrad_(false))
          .isInstanceOf(AutogradException.class)
          .hasMessageContaining("only a leaf");
      // "only Tensors of floating point dtype can require gradients"
      assertThatThrownBy(() -> Tensor.zeros(new long[] {2}, DType.INT64).requiresGrad_())
          .isInstanceOf(AutogradException.class)
          .hasMessageContaining("floating-point");
      assertThat(Tensor.zeros(new long[] {2}, DType.INT64).requiresGrad_(false).requiresGrad())
          .isFalse();
    }
  }

  /**
   * As {@code torch.autograd.grad} of {@code z = (x * y).sum() + (y ** 3).sum()} at x = [1, 2], y =
   * [3, 4], from {@code z} and {@code 2 * y} with grad_outputs None and [1, 10].
   */
  @Test
  void gradientsAsValues() {
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.of(new double[] {1, 2}).requiresGrad_();
      Tensor y = Tensor.of(new double[] {3, 4}).requiresGrad_();
      Tensor unused = Tensor.of(new double[] {3, 4}).requiresGrad_();
      Tensor z = x.mul(y).sum().add(y.pow(3).sum());
      List<Tensor> found =
          Autograd.grad(
              List.of(z, y.mul(2)),
              List.of(x, y),
              java.util.Arrays.asList(null, Tensor.of(new double[] {1, 10})),
              true,
              false,
              false);
      assertThat(found.get(0).toDoubleArray()).containsExactly(3, 4);
      assertThat(found.get(1).toDoubleArray()).containsExactly(30, 70);
      assertThat(x.grad()).isNull();
      assertThat(found.get(0).requiresGrad()).isFalse();
      assertThatThrownBy(() -> Autograd.grad(List.of(z), List.of(unused), null, true, false, false))
          .isInstanceOf(AutogradException.class)
          .hasMessageContaining("allowUnused");
      assertThat(Autograd.grad(List.of(z), List.of(unused), null, true, false, true).get(0))
          .isNull();
      assertThatThrownBy(() -> Autograd.grad(y.mul(2), y))
          .isInstanceOf(AutogradException.class)
          .hasMessageContaining("one element");
      assertThat(Autograd.grad(z, x, y).get(1).toDoubleArray()).containsExactly(28, 50);
      assertThatThrownBy(() -> Autograd.grad(z, x))
          .isInstanceOf(AutogradException.class)
          .hasMessageContaining("retainGraph");
    }
  }

  @Test
  void anOperationBeforeTheInputsIsNotRun() {
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.ones(2).requiresGrad_();
      Tensor y = x.exp();
      y.sum().backward(); // y's own operation has let go of what it saved
      assertThat(Autograd.grad(y.mul(3).sum(), y).get(0).toFloatArray()).containsExactly(3, 3);
      assertThatThrownBy(() -> Autograd.grad(y.mul(3).sum(), x))
          .isInstanceOf(AutogradException.class)
          .hasMessageContaining("retainGraph");
    }
  }

  @Test
  void gradientsOfAPassThatFailsAreLetGoOf() {
    Tensor x = Tensor.ones(2).requiresGrad_(); // in no scope: LeakCheck counts what is left behind
    Tensor unused = Tensor.ones(2).requiresGrad_();
    Tensor y = x.exp();
    Tensor sum = y.sum();
    assertThatThrownBy(
            () -> Autograd.grad(List.of(sum), List.of(y, unused), null, true, false, false))
        .isInstanceOf(AutogradException.class);
    RemovableHandle failing =
        x.registerHook(
            gradient -> {
              throw new IllegalStateException("on purpose");
            });
    assertThatThrownBy(() -> Autograd.grad(List.of(sum), List.of(y, x), null, true, false, false))
        .hasMessage("on purpose");
    failing.remove();
    sum.close();
    y.close();
    unused.close();
    x.close();
  }
}
