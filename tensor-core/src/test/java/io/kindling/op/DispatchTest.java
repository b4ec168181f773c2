package io.kindling.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.AutogradException;
import io.kindling.DTypeException;
import io.kindling.KindlingException;
import io.kindling.ShapeException;
import io.kindling.autograd.Autograd;
import io.kindling.backend.Backend;
import io.kindling.backend.Backends;
import io.kindling.memory.Scope;
import io.kindling.op.norm.Softmax;
import io.kindling.op.optim.SgdStep;
import io.kindling.op.pool.MaxPool2d;
import io.kindling.op.view.Transpose;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import io.kindling.tensor.Tensor;
import org.junit.jupiter.api.Test;

class DispatchTest {
  @Test
  void promotesAsPyTorchDoes() {
    try (Scope scope = Scope.open()) {
      Tensor ints = Tensor.of(new int[] {1, 2});
      Tensor longs = Tensor.of(new long[] {1, 2});
      Tensor floats = Tensor.of(new float[] {1, 2});
      Tensor doubles = Tensor.of(new double[] {1, 2});
      assertThat(ints.add(longs).dtype()).isEqualTo(DType.INT64);
      assertThat(longs.add(floats).dtype()).isEqualTo(DType.FLOAT32);
      assertThat(floats.add(doubles).dtype()).isEqualTo(DType.FLOAT64);
      assertThat(ints.add(1).dtype()).isEqualTo(DType.INT32);
      assertThat(ints.add(0.5).dtype()).isEqualTo(DType.FLOAT32);
      assertThat(floats.mul(0.1).dtype()).isEqualTo(DType.FLOAT32);
      assertThat(floats.add(doubles.select(0, 0)).dtype()).isEqualTo(DType.FLOAT32);
      assertThat(ints.add(doubles.select(0, 0)).dtype()).isEqualTo(DType.FLOAT64);
      assertThat(ints.div(longs).dtype()).isEqualTo(DType.FLOAT32);
      assertThat(ints.eq(floats).dtype()).isEqualTo(DType.BOOL);
    }
  }

  @Test
  void inPlaceKeepsTheTargetAndChecksIt() {
    try (Scope scope = Scope.open()) {
      Tensor ints = Tensor.of(new int[] {1, 2});
      assertThatThrownBy(() -> ints.add_(0.5))
          .isInstanceOf(DTypeException.class)
          .hasMessageContaining("int32");
      Tensor row = Tensor.of(new float[] {1, 2});
      assertThatThrownBy(() -> row.add_(Tensor.ones(3, 2)))
          .isInstanceOf(ShapeException.class)
          .hasMessageContaining("[3, 2]");
      Tensor matrix = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
      matrix.add_(matrix.transpose(0, 1));
      assertThat(matrix.toFloatArray()).containsExactly(2, 5, 5, 8);
    }
  }

  @Test
  void aLeafThatRequiresAGradientIsNotChangedInPlace() {
    try (Scope scope = Scope.open()) {
      Tensor leaf = Tensor.ones(2).requiresGrad_();
      assertThatThrownBy(() -> leaf.add_(1))
          .isInstanceOf(AutogradException.class)
          .hasMessageContaining("noGrad");
      try (var off = Autograd.noGrad()) {
        leaf.add_(1);
      }
      assertThat(leaf.toFloatArray()).containsExactly(2, 2);
    }
  }

  @Test
  void aViewThatFailsHoldsNothing() {
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.ones(2, 3);
      assertThatThrownBy(() -> x.slice(1, 2, 9, 1)).isInstanceOf(ShapeException.class);
      assertThat(x.storage().references()).isEqualTo(1);
      Tensor nothing = Tensor.zeros(2, 0).unsqueeze(-1).expand(2, 0, 2).slice(-1, 1, 2, 1);
      assertThat(nothing.numel()).isZero();
    }
  }

  @Test
  void outTakesTheResultWithoutAGradient() {
    try (Scope scope = Scope.open()) {
      Tensor out = Tensor.zeros(2);
      assertThat(Tensor.out(out, () -> Tensor.ones(2).add(Tensor.ones(2)))).isSameAs(out);
      assertThat(out.toFloatArray()).containsExactly(2, 2);
      Tensor.out(out, () -> out.add(out));
      assertThat(out.toFloatArray()).containsExactly(4, 4);
      Tensor leaf = Tensor.ones(2).requiresGrad_();
      assertThatThrownBy(() -> Tensor.out(out, () -> leaf.add(leaf)))
          .isInstanceOf(AutogradException.class)
          .hasMessageContaining("noGrad");
      assertThatThrownBy(() -> Tensor.out(leaf, () -> out.add(out)))
          .isInstanceOf(AutogradException.class);
      assertThatThrownBy(() -> Tensor.out(out, () -> Tensor.ones(3)))
          .isInstanceOf(ShapeException.class)
          .hasMessageContaining("[3]")
          .hasMessageContaining("[2]");
      assertThatThrownBy(() -> Tensor.out(Tensor.arange(2), () -> out))
          .isInstanceOf(DTypeException.class)
          .hasMessageContaining("int64");
    }
  }

  @Test
  void shapesThatDoNotBroadcastAreNamed() {
    try (Scope scope = Scope.open()) {
      assertThatThrownBy(() -> Tensor.ones(2, 3).add(Tensor.ones(2)))
          .isInstanceOf(ShapeException.class)
          .hasMessageContaining("add")
          .hasMessageContaining("[2, 3]")
          .hasMessageContaining("[2]");
    }
  }

  @Test
  void emptyTensorsWork() {
    try (Scope scope = Scope.open()) {
      Tensor empty = Tensor.zeros(0, 3);
      assertThat(empty.add(Tensor.ones(3)).shape().toArray()).containsExactly(0, 3);
      assertThat(empty.sum().item()).isZero();
      assertThat(empty.sum(0).toFloatArray()).containsExactly(0, 0, 0);
      assertThat(Tensor.zeros(2, 0).matmul(Tensor.zeros(0, 2)).toFloatArray())
          .containsExactly(0, 0, 0, 0);
      assertThatThrownBy(() -> empty.amax(0)).isInstanceOf(ShapeException.class);
    }
  }

  @Test
  void aResultIsNotWrittenOverAnInputThatIsStillRead() {
    try (Scope scope = Scope.open()) {
      for (Backend backend : Backends.of(Device.Type.CPU)) {
        Tensor c = Tensor.of(new float[] {0, 0, 0, 0}, 2, 2);
        Backends.only(backend, () -> Dispatch.runInPlace(new Softmax(0), c));
        assertThat(c.toFloatArray()).containsExactly(0.5f, 0.5f, 0.5f, 0.5f);

        Tensor row = Tensor.of(new float[] {1, 2, 3, 4});
        Backends.only(backend, () -> row.slice(0, 1, 4, 1).add_(row.slice(0, 0, 3, 1)));
        assertThat(row.toFloatArray()).containsExactly(1, 3, 5, 7);

        Tensor square = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
        Backends.only(backend, () -> Tensor.out(square.t(), () -> square.matmul(square)));
        assertThat(square.toFloatArray()).containsExactly(7, 15, 10, 22);
      }
    }
  }

  @Test
  void aTargetOfAnyLayoutAndTypeTakesAResult() {
    try (Scope scope = Scope.open()) {
      Tensor out = Tensor.zeros(2, 2).t();
      Tensor scores = Tensor.of(new float[] {1, 2, 4, 3}, 2, 2);
      Tensor.out(out.select(0, 1), () -> scores.argmax(1));
      assertThat(out.toFloatArray()).containsExactly(0, 0, 1, 0);
    }
  }

  @Test
  void anExpandedTargetIsRefused() {
    try (Scope scope = Scope.open()) {
      Tensor expanded = Tensor.ones(1, 3).expand(2, 3);
      assertThatThrownBy(() -> expanded.add_(1))
          .isInstanceOf(ShapeException.class)
          .hasMessageContaining("add_")
          .hasMessageContaining("more than one element")
          .hasMessageContaining("clone()");
      assertThatThrownBy(() -> Tensor.out(expanded, () -> Tensor.ones(2, 3).add(expanded)))
          .isInstanceOf(ShapeException.class);
      assertThat(Tensor.ones(1, 3).expand(1, 3).add_(1).toFloatArray()).containsExactly(2, 2, 2);
    }
  }

  @Test
  void whatHasSeveralResultsOrIsAViewIsNotStored() {
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.ones(1, 1, 2, 2);
      Op pool = new MaxPool2d(1, 1, 1, 1, 0, 0, 1, 1, false);
      assertThatThrownBy(() -> Dispatch.runInPlace(pool, x))
          .isInstanceOf(KindlingException.class)
          .hasMessageContaining("2 results");
      assertThatThrownBy(() -> Dispatch.runInPlace(new Transpose(0, 1), x))
          .isInstanceOf(KindlingException.class)
          .hasMessageContaining("view");
    }
  }

  @Test
  void anOptimiserStepRunsInPlaceOnly() {
    try (Scope scope = Scope.open()) {
      Tensor parameter = Tensor.ones(2);
      Op step = new SgdStep(1, 0, 0, 0, false, false, true);
      assertThatThrownBy(() -> Dispatch.run(step, parameter, Tensor.ones(2)))
          .isInstanceOf(KindlingException.class)
          .hasMessageContaining("runInPlace");
      assertThat(parameter.toFloatArray()).containsExactly(1, 1);
      Dispatch.runInPlace(step, parameter, Tensor.ones(2));
      assertThat(parameter.toFloatArray()).containsExactly(0, 0);
    }
  }
}
