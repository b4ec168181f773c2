package io.kindling.autograd;

import static io.kindling.autograd.ExampleFunctions.leaf;
import static io.kindling.autograd.ExampleFunctions.of;
import static io.kindling.autograd.ExampleFunctions.one;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.AutogradException;
import io.kindling.ShapeException;
import io.kindling.autograd.ExampleFunctions.Cube;
import io.kindling.memory.Scope;
import io.kindling.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The numbers are what PyTorch 2.9.1 gives for the same functions. */
class FunctionTest {
  /** From r and the angle to x and y, which are saved. */
  private static final class Polar extends Function {
    @Override
    protected Tensor[] forward(FunctionContext context, Tensor... inputs) {
      Tensor x = inputs[0].mul(inputs[1].cos());
      Tensor y = inputs[0].mul(inputs[1].sin());
      context.saveForBackward(inputs[0], x, null, y);
      return new Tensor[] {x, y};
    }

    @Override
    protected Tensor[] backward(FunctionContext context, Tensor... gradients) {
      Tensor[] saved = context.savedTensors();
      assertThat(saved[2]).isNull();
      Tensor x = saved[1];
      Tensor y = saved[3];
      Tensor r = gradients[0].mul(x).add(gradients[1].mul(y)).div(saved[0]);
      return new Tensor[] {r, gradients[1].mul(x).sub(gradients[0].mul(y))};
    }
  }

  @Test
  void gradientsOfAllOrders() {
    try (Scope scope = Scope.open()) {
      Tensor x = leaf();
      Tensor first =
          Autograd.grad(List.of(new Cube().apply(x).sum()), List.of(x), null, false, true, false)
              .get(0);
      assertThat(first.toDoubleArray()).containsExactly(3, 12, 48);
      Tensor second =
          Autograd.grad(List.of(first.sum()), List.of(x), null, false, true, false).get(0);
      assertThat(second.toDoubleArray()).containsExactly(6, -12, 24);
      assertThat(Autograd.grad(second.sum(), x).get(0).toDoubleArray()).containsExactly(6, 6, 6);
    }
  }

  @Test
  void severalInputsAndOutputs() {
    try (Scope scope = Scope.open()) {
      Tensor r = Tensor.of(new double[] {1, 2, 0.5}).requiresGrad_();
      Tensor angle = Tensor.of(new double[] {0.1, 1, -2}).requiresGrad_();
      java.util.function.Function<List<Tensor>, List<Tensor>> polar =
          in -> List.of(new Polar().applyAll(in.get(0), in.get(1)));
      assertThat(GradCheck.gradcheck(polar, List.of(r, angle))).isTrue();
      assertThat(GradCheck.gradgradcheck(polar, List.of(r, angle))).isTrue();
      assertThat(GradCheck.gradcheck(polar, List.of(r.detach(), angle))).isTrue();
      assertThatThrownBy(() -> new Polar().apply(r, angle))
          .isInstanceOf(AutogradException.class)
          .hasMessageContaining("Polar has 2 outputs; call applyAll");
    }
  }

  @Test
  void anUnusedOutputsGradientIsZerosOrNull() {
    try (Scope scope = Scope.open()) {
      for (boolean materialize : new boolean[] {true, false}) {
        Tensor x = leaf();
        List<double[]> seen = new ArrayList<>();
        Function two =
            of(
                (context, in) -> {
                  context.setMaterializeGrads(materialize);
                  return new Tensor[] {in.mul(2), in.mul(3)};
                },
                (context, gradients) -> {
                  seen.add(gradients[0] == null ? null : gradients[0].toDoubleArray());
                  return one(gradients[1].mul(3));
                });
        two.applyAll(x)[1].sum().backward();
        assertThat(seen).hasSize(1);
        if (materialize) {
          assertThat(seen.get(0)).containsExactly(0, 0, 0);
        } else {
          assertThat(seen.get(0)).isNull();
        }
        assertThat(x.grad().toDoubleArray()).containsExactly(3, 3, 3);
      }
    }
  }

  @Test
  void outputsWithoutAGradient() {
    try (Scope scope = Scope.open()) {
      Tensor x = leaf();
      Function hard =
          of(
              (context, in) -> {
                Tensor on = in.gt(0).to(in.dtype());
                context.markNonDifferentiable(on);
                context.saveForBackward(on);
                return new Tensor[] {in.mul(on), on, in.argmax()};
              },
              (context, gradients) -> {
                assertThat(gradients[1].toDoubleArray()).containsExactly(0, 0, 0);
                return one(gradients[0].mul(context.savedTensors()[0]));
              });
      Tensor[] outputs = hard.applyAll(x);
      assertThat(outputs[0].requiresGrad()).isTrue();
      assertThat(outputs[1].requiresGrad()).isFalse();
      assertThat(outputs[2].requiresGrad()).isFalse();
      outputs[0].sum().backward();
      assertThat(x.grad().toDoubleArray()).containsExactly(1, 0, 1);
    }
  }

  @Test
  void backwardKnowsWhatIsNeeded() {
    try (Scope scope = Scope.open()) {
      Tensor x = leaf();
      List<Boolean> needed = new ArrayList<>();
      Function product =
          new Function() {
            @Override
            protected Tensor[] forward(FunctionContext context, Tensor... inputs) {
              assertThat(inputs[2]).isNull();
              context.saveForBackward(inputs);
              return one(inputs[0].mul(inputs[1]));
            }

            @Override
            protected Tensor[] backward(FunctionContext context, Tensor... gradients) {
              for (int i = 0; i < 3; i++) {
                needed.add(context.needsInputGrad(i));
              }
              return new Tensor[] {null, gradients[0].mul(context.savedTensors()[0])};
            }
          };
      product.apply(Tensor.of(new double[] {7, 8, 9}), x, null).sum().backward();
      assertThat(needed).containsExactly(false, true, false);
      assertThat(x.grad().toDoubleArray()).containsExactly(7, 8, 9);
    }
  }

  @Test
  void whatCanBeDifferentiatedOnceOnlySaysSo() {
    try (Scope scope = Scope.open()) {
      Function once =
          new Cube() {
            @Override
            protected boolean isOnceDifferentiable() {
              return true;
            }

            @Override
            protected String name() {
              return "OnceCube";
            }
          };
      Tensor x = leaf();
      Tensor gradient =
          Autograd.grad(List.of(once.apply(x).sum()), List.of(x), null, false, true, false).get(0);
      assertThat(gradient.toDoubleArray()).containsExactly(3, 12, 48);
      assertThatThrownBy(() -> gradient.sum().backward())
          .isInstanceOf(AutogradException.class)
          .hasMessageContaining("OnceCubeBackward can be differentiated once only");
    }
  }

  @Test
  void wrongGradientsAreRefused() {
    try (Scope scope = Scope.open()) {
      Tensor x = leaf();
      Function few = of((c, in) -> one(in.exp()), (c, g) -> new Tensor[0]);
      assertThatThrownBy(() -> few.apply(x).sum().backward())
          .isInstanceOf(AutogradException.class)
          .hasMessageContaining("returned 0 gradients; expected 1");
      Function many = of((c, in) -> one(in.exp()), (c, g) -> new Tensor[] {g[0], g[0]});
      assertThatThrownBy(() -> many.apply(x).sum().backward())
          .isInstanceOf(AutogradException.class)
          .hasMessageContaining("returned 2 gradients; expected 1");
      Function more = of((c, in) -> one(in.exp()), (c, g) -> new Tensor[] {g[0], null});
      more.apply(x).sum().backward();
      Function wide = of((c, in) -> one(in.exp()), (c, g) -> one(Tensor.ones(5)));
      assertThatThrownBy(() -> wide.apply(x).sum().backward())
          .isInstanceOf(ShapeException.class)
          .hasMessageContaining("[5]");
      assertThatThrownBy(() -> of((c, in) -> one(null), (c, g) -> g).apply(x))
          .isInstanceOf(AutogradException.class)
          .hasMessageContaining("forward returned null as output 0");
    }
  }

  @Test
  void failuresLeaveNothingBehind() {
    Tensor x = leaf(); // in no scope: LeakCheck counts what the failures would leave
    Function failing =
        of(
            (context, in) -> {
              Tensor y = in.exp();
              context.saveForBackward(in, y, in.mul(2));
              return one(y);
            },
            (context, gradients) -> {
              context.savedTensors()[1].mul(gradients[0]);
              throw new IllegalStateException("on purpose");
            });
    Tensor y = failing.apply(x);
    Tensor sum = y.sum();
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(sum::backward).hasMessage("on purpose");
    }
    Function unborn =
        of(
            (context, in) -> {
              context.saveForBackward(in.exp());
              throw new IllegalStateException("in forward");
            },
            (c, g) -> g);
    assertThatThrownBy(() -> unborn.apply(x)).hasMessage("in forward");
    assertThat(x.grad()).isNull();
    sum.close();
    y.close();
    x.close();
  }

  @Test
  void nothingIsRecordedWithoutNeed() {
    try (Scope scope = Scope.open()) {
      Tensor x = leaf();
      assertThat(new Cube().apply(x.detach()).requiresGrad()).isFalse();
      try (GradMode off = Autograd.noGrad()) {
        assertThat(new Cube().apply(x).requiresGrad()).isFalse();
      }
      List<Boolean> recording = new ArrayList<>();
      Function watch =
          of(
              (c, in) -> {
                recording.add(Autograd.isGradEnabled());
                return one(in.exp());
              },
              (c, g) -> {
                recording.add(Autograd.isGradEnabled());
                return g;
              });
      watch.apply(x).sum().backward();
      watch.apply(x).sum().backward(null, false, true);
      assertThat(recording).isEqualTo(Arrays.asList(false, false, false, true));
      x.setGrad(null); // its history would hold it
    }
  }

  @Test
  void aFunctionWithinAChainOfOperations() {
    try (Scope scope = Scope.open()) {
      java.util.function.Function<Tensor, Tensor> chain =
          x -> new Cube().apply(x.sin()).exp().mul(new Cube().apply(x));
      assertThat(GradCheck.gradcheck(chain, leaf())).isTrue();
      assertThat(GradCheck.gradgradcheck(chain, leaf())).isTrue();
    }
  }
}
