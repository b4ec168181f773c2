package io.kindling.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.AutogradException;
import io.kindling.DTypeException;
import io.kindling.ShapeException;
import io.kindling.autograd.Autograd;
import io.kindling.memory.Scope;
import io.kindling.op.elementwise.Add;
import io.kindling.tensor.DType;
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
      Dispatch.runInto(out, new Add(), Tensor.ones(2), Tensor.ones(2));
      assertThat(out.toFloatArray()).containsExactly(2, 2);
      Tensor leaf = Tensor.ones(2).requiresGrad_();
      assertThatThrownBy(() -> Dispatch.runInto(out, new Add(), leaf, leaf))
          .isInstanceOf(AutogradException.class);
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
      assertThat(empty.sum(false, 0).toFloatArray()).containsExactly(0, 0, 0);
      assertThat(Tensor.zeros(2, 0).matmul(Tensor.zeros(0, 2)).toFloatArray())
          .containsExactly(0, 0, 0, 0);
      assertThatThrownBy(() -> empty.amax(false, 0)).isInstanceOf(ShapeException.class);
    }
  }
}
