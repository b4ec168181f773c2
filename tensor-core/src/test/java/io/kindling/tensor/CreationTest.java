package io.kindling.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.DTypeException;
import io.kindling.KindlingException;
import io.kindling.MemoryException;
import io.kindling.memory.Scope;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class CreationTest {
  @Test
  void aBufferAndItsTensorShareMemory() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(28).order(ByteOrder.nativeOrder());
    buffer.position(4);
    try (Scope scope = Scope.open()) {
      Tensor matrix = Tensor.frombuffer(buffer, DType.FLOAT32, 2, 3);
      buffer.putFloat(4, 1.5f);
      matrix.set(2.5, -1, -1);
      assertThat(matrix.get(0, 0).item()).isEqualTo(1.5);
      assertThat(buffer.getFloat(24)).isEqualTo(2.5f);
      assertThat(Tensor.frombuffer(buffer, DType.INT16).shape()).isEqualTo(Shape.of(12));
      Tensor constant =
          Tensor.frombuffer(buffer.asReadOnlyBuffer().order(ByteOrder.nativeOrder()), DType.INT8);
      assertThatThrownBy(() -> constant.fill_(1)).isInstanceOf(KindlingException.class);
    }
    assertThatThrownBy(() -> Tensor.frombuffer(ByteBuffer.allocate(8), DType.FLOAT32))
        .isInstanceOf(MemoryException.class)
        .hasMessageContaining("allocateDirect");
    assertThatThrownBy(() -> Tensor.frombuffer(buffer, DType.FLOAT32, 7))
        .isInstanceOf(KindlingException.class)
        .hasMessageContaining("24 bytes");
  }

  @Test
  void arraysOfEachKindKeepTheirType() {
    try (Scope scope = Scope.open()) {
      assertThat(Tensor.of(new float[] {1}).dtype()).isEqualTo(DType.FLOAT32);
      assertThat(Tensor.of(new double[] {1}).dtype()).isEqualTo(DType.FLOAT64);
      assertThat(Tensor.of(new long[] {1, 2}, 2, 1).shape()).isEqualTo(Shape.of(2, 1));
      assertThat(Tensor.of(new int[] {1}).dtype()).isEqualTo(DType.INT32);
      assertThat(Tensor.of(new boolean[] {true, false}).toLongArray()).containsExactly(1, 0);
      assertThatThrownBy(() -> Tensor.of(new float[] {1, 2}, 3)).hasMessageContaining("3");
    }
  }

  @Test
  void emptyTensorsHaveTheShapeAndOrderAskedFor() {
    try (Scope scope = Scope.open()) {
      Tensor empty = Tensor.empty(2, 3);
      assertThat(empty.shape()).isEqualTo(Shape.of(2, 3));
      assertThat(empty.dtype()).isEqualTo(DType.FLOAT32);
      assertThat(empty.fill_(2).sum().item()).isEqualTo(12);
      assertThat(Tensor.empty(new long[] {0}, DType.INT8).numel()).isZero();
      Tensor turned = Tensor.emptyLike(empty.t());
      assertThat(turned.stride()).containsExactly(1, 3);
      assertThat(turned.storage()).isNotSameAs(empty.storage());
      assertThat(Tensor.emptyLike(empty, DType.BOOL).dtype()).isEqualTo(DType.BOOL);
      assertThatThrownBy(() -> Tensor.empty(-1)).isInstanceOf(KindlingException.class);
    }
  }

  @Test
  void valuesComeBackInRowMajorOrder() {
    try (Scope scope = Scope.open()) {
      Tensor turned = Tensor.of(new long[] {1, 2, 3, 4, 5, 6}, 2, 3).t();
      assertThat(turned.toLongArray()).containsExactly(1, 4, 2, 5, 3, 6);
      assertThat(turned.toDoubleArray()).containsExactly(1, 4, 2, 5, 3, 6);
      assertThat(turned.toFloatArray()).containsExactly(1, 4, 2, 5, 3, 6);
      assertThat(Tensor.of(new long[] {Long.MAX_VALUE}).itemLong()).isEqualTo(Long.MAX_VALUE);
      assertThat(Tensor.scalar(1.5).shape()).isEqualTo(Shape.SCALAR);
      assertThat(Tensor.scalar(1.5).item()).isEqualTo(1.5);
      float[] values = {1, 2};
      Tensor copy = Tensor.of(values);
      values[0] = 7;
      assertThat(copy.toFloatArray()).containsExactly(1, 2);
    }
  }

  @Test
  void theDefaultTypeIsThatOfNewTensorsAndOfFractionsOfIntegers() {
    DType.setDefaultDtype(DType.FLOAT64);
    try (Scope scope = Scope.open()) {
      assertThat(Tensor.zeros(2).dtype()).isEqualTo(DType.FLOAT64);
      assertThat(Tensor.rand(2).dtype()).isEqualTo(DType.FLOAT64);
      assertThat(Tensor.arange(3).div(2L).dtype()).isEqualTo(DType.FLOAT64);
      assertThat(Tensor.arange(3).add(0.5).dtype()).isEqualTo(DType.FLOAT64);
      assertThat(Tensor.arange(3).exp().dtype()).isEqualTo(DType.FLOAT64);
      assertThat(Tensor.arange(3).dtype()).isEqualTo(DType.INT64);
      assertThatThrownBy(() -> DType.setDefaultDtype(DType.INT64))
          .isInstanceOf(DTypeException.class);
    } finally {
      DType.setDefaultDtype(DType.FLOAT32);
    }
  }
}
