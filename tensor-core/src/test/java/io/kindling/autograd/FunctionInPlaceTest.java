package io.kindling.autograd;

import static io.kindling.autograd.ExampleFunctions.leaf;
import static io.kindling.autograd.ExampleFunctions.of;
import static io.kindling.autograd.ExampleFunctions.one;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.AutogradException;
import io.kindling.autograd.ExampleFunctions.Cube;
import io.kindling.memory.Scope;
import io.kindling.tensor.Tensor;
import org.junit.jupiter.api.Test;

/**
 * Functions whose outputs share memory with their inputs, or whose inputs are changed. The numbers
 * are what PyTorch 2.9.1 gives.
 */
class FunctionInPlaceTest {
  /** Whose gradient is on purpose not the true one, to be recognised. */
  private static final class TripleInPlace extends Function {
    @Override
    protected Tensor[] forward(FunctionContext context, Tensor... inputs) {
      context.markDirty(inputs[0]);
      return one(inputs[0].mul_(3));
    }

    @Override
    protected Tensor[] backward(FunctionContext context, Tensor... gradients) {
      return one(gradients[0].mul(5));
    }
  }

  @Test
  void anInputThatIsChangedInPlace() {
    try (Scope scope = Scope.open()) {
      Tensor a = leaf();
      Tensor x = a.mul(a);
      Tensor y = new TripleInPlace().apply(x);
      assertThat(y).isSameAs(x);
      assertThat(x.gradFn().name()).isEqualTo("TripleInPlaceBackward");
      x.mul(x).sum().backward();
      assertThat(a.grad().toDoubleArray()).containsExactly(60, -480, 3840);
      assertThatThrownBy(() -> new TripleInPlace().apply(a))
          .isInstanceOf(AutogradException.class)
          .hasMessageContaining("TripleInPlace")
          .hasMessageContaining("leaf");
    }
  }

  @Test
  void aViewThatIsChangedInPlace() {
    try (Scope scope = Scope.open()) {
      Tensor a = leaf();
      Tensor x = a.mul(a);
      new TripleInPlace().apply(x.narrow(0, 1, 2));
      assertThat(x.toDoubleArray()).containsExactly(1, 12, 48);
      x.mul(Tensor.of(new double[] {1, 10, 100})).sum().backward();
      assertThat(a.grad().toDoubleArray()).containsExactly(2, -200, 4000);
    }
  }

  @Test
  void changesInPlaceMustBeTold() {
    try (Scope scope = Scope.open()) {
      Tensor x = leaf().mul(1);
      assertThatThrownBy(() -> of((c, in) -> one(in.mul_(2)), (c, g) -> g).apply(x))
          .isInstanceOf(AutogradException.class)
          .hasMessageContaining("changed input 0 in place without markDirty");
      Function notReturned =
          of(
              (context, in) -> {
                context.markDirty(in.mul_(2));
                return one(in.exp());
              },
              (c, g) -> g);
      assertThatThrownBy(() -> notReturned.apply(x))
          .isInstanceOf(AutogradException.class)
          .hasMessageContaining("did not return it");
    }
  }

  @Test
  void anInputThatIsReturnedAsItIs() {
    try (Scope scope = Scope.open()) {
      Tensor x = leaf();
      Tensor y = of((c, in) -> one(in), (c, g) -> one(g[0].mul(5))).apply(x);
      assertThat(y).isNotSameAs(x);
      assertThat(y.storage()).isSameAs(x.storage());
      y.sum().backward();
      assertThat(x.grad().toDoubleArray()).containsExactly(5, 5, 5);
    }
  }

  @Test
  void aViewThatAFunctionMadeRefusesChangesToItsBase() {
    try (Scope scope = Scope.open()) {
      Tensor x = leaf().mul(1);
      Function tail = of((c, in) -> one(in.narrow(0, 1, 2)), (c, g) -> one(g[0]));
      Tensor view = tail.apply(x);
      assertThatThrownBy(() -> view.mul_(2))
          .isInstanceOf(AutogradException.class)
          .hasMessageContaining("Function");
      x.mul_(2);
      assertThatThrownBy(() -> view.sum().backward())
          .isInstanceOf(AutogradException.class)
          .hasMessageContaining("changed in place since");
    }
  }

  @Test
  void savedTensorsAreGuarded() {
    try (Scope scope = Scope.open()) {
      Tensor x = leaf().mul(1);
      Tensor y = new Cube().apply(x);
      x.add_(1);
      assertThatThrownBy(() -> y.sum().backward())
          .isInstanceOf(AutogradException.class)
          .hasMessageContaining("CubeBackward")
          .hasMessageContaining("changed in place");
      Tensor z = new Cube().apply(x);
      z.sum().backward();
      assertThatThrownBy(() -> z.sum().backward())
          .isInstanceOf(AutogradException.class)
          .hasMessageContaining("retainGraph");
    }
  }
}
