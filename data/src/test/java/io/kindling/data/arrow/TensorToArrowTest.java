package io.kindling.data.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.DTypeException;
import io.kindling.backend.Backends;
import io.kindling.data.DataException;
import io.kindling.memory.Scope;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import io.kindling.tensor.Tensor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TensorToArrowTest {
  private final RootAllocator allocator = new RootAllocator();

  @AfterEach
  void nothingIsLeftInArrow() {
    assertThat(allocator.getAllocatedMemory()).isZero();
    allocator.close();
  }

  @ParameterizedTest
  @EnumSource(value = DType.class, mode = EnumSource.Mode.EXCLUDE, names = "BFLOAT16")
  void everyTypeGoesThereAndBack(DType dtype) {
    try (Scope scope = Scope.open()) {
      Tensor tensor = Tensor.arange(12).sub(5).to(dtype).view(4, 3);
      try (FieldVector vector = ArrowTensors.toVector("a", tensor, allocator)) {
        Tensor back = ArrowTensors.toTensor(vector);
        assertThat(back.dtype()).isEqualTo(dtype);
        assertThat(back.shape()).isEqualTo(tensor.shape());
        assertThat(back.toDoubleArray()).isEqualTo(tensor.toDoubleArray());
        if (dtype != DType.BOOL) {
          assertThat(back.address()).isEqualTo(tensor.address());
        }
      }
    }
  }

  @Test
  void theVectorLooksAtTheTensorsMemory() {
    try (Scope scope = Scope.open()) {
      Tensor tensor = Tensor.of(new float[] {1, 2, 3});
      try (Float4Vector vector = (Float4Vector) ArrowTensors.toVector("a", tensor, allocator)) {
        assertThat(vector.getDataBuffer().memoryAddress()).isEqualTo(tensor.address());
        assertThat(vector.getNullCount()).isZero();
        tensor.add_(1);
        assertThat(vector.get(2)).isEqualTo(4);
      }
    }
  }

  @Test
  void theVectorOutlivesTheTensorAndFreesItsMemory() {
    long before = Backends.allocator(Device.CPU).statistics().inUse();
    Tensor tensor = Tensor.of(new long[] {0, 1, 2, 3, 4, 5}, 2, 3);
    FixedSizeListVector vector =
        (FixedSizeListVector) ArrowTensors.toVector("a", tensor, allocator);
    tensor.close();
    assertThat(vector.getObject(1)).asString().isEqualTo("[3,4,5]");
    assertThat(Backends.allocator(Device.CPU).statistics().inUse()).isGreaterThan(before);
    vector.close();
  }

  @Test
  void theTensorOutlivesTheVector() {
    try (Tensor tensor = Tensor.of(new float[] {1, 2, 3})) {
      ArrowTensors.toVector("a", tensor, allocator).close();
      assertThat(allocator.getAllocatedMemory()).isZero();
      assertThat(tensor.toFloatArray()).containsExactly(1, 2, 3);
    }
  }

  @Test
  void aPartOfATensorStartsWhereThePartDoes() {
    try (Scope scope = Scope.open()) {
      Tensor rows = Tensor.arange(12).view(4, 3).narrow(0, 1, 2);
      try (FieldVector vector = ArrowTensors.toVector("a", rows, allocator)) {
        assertThat(ArrowTensors.toTensor(vector).toLongArray()).containsExactly(3, 4, 5, 6, 7, 8);
      }
    }
  }

  @Test
  void aTransposedTensorIsCopiedInItsLogicalOrder() {
    try (Scope scope = Scope.open()) {
      Tensor turned = Tensor.arange(6).view(2, 3).t();
      try (FieldVector vector = ArrowTensors.toVector("a", turned, allocator)) {
        assertThat(ArrowTensors.toTensor(vector).toLongArray()).containsExactly(0, 3, 1, 4, 2, 5);
      }
    }
  }

  @Test
  void emptyTensorsAreEmptyColumns() {
    try (Scope scope = Scope.open();
        FieldVector numbers = ArrowTensors.toVector("a", Tensor.zeros(0), allocator);
        FieldVector lists = ArrowTensors.toVector("a", Tensor.zeros(0, 4), allocator)) {
      assertThat(numbers.getValueCount()).isZero();
      assertThat(ArrowTensors.toTensor(lists).shape().toArray()).containsExactly(0, 4);
    }
  }

  @Test
  void namedTensorsAreABatchThatArrowCanSend() throws Exception {
    try (Scope scope = Scope.open()) {
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      tensors.put("features", Tensor.arange(8).view(4, 2).to(DType.FLOAT32));
      tensors.put("label", Tensor.arange(4));
      tensors.put("kept", Tensor.of(new boolean[] {true, false, true, true}));
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (VectorSchemaRoot batch = ArrowTensors.toBatch(tensors, allocator);
          ArrowStreamWriter writer = new ArrowStreamWriter(batch, null, bytes)) {
        assertThat(batch.getRowCount()).isEqualTo(4);
        assertThat(batch.getVector("kept")).isInstanceOf(BitVector.class);
        writer.writeBatch();
      }
      try (ArrowStreamReader reader =
          new ArrowStreamReader(new ByteArrayInputStream(bytes.toByteArray()), allocator)) {
        assertThat(reader.loadNextBatch()).isTrue();
        Map<String, Tensor> back = ArrowTensors.toTensors(reader.getVectorSchemaRoot());
        assertThat(back.get("features").toFloatArray()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
        assertThat(back.get("label").toLongArray()).containsExactly(0, 1, 2, 3);
        assertThat(back.get("kept").toLongArray()).containsExactly(1, 0, 1, 1);
        back.values().forEach(Tensor::close);
      }
    }
  }

  @Test
  void whatHasNoColumnIsRefused() {
    try (Scope scope = Scope.open()) {
      Tensor half = Tensor.zeros(2).to(DType.BFLOAT16);
      assertThatThrownBy(() -> ArrowTensors.toVector("a", half, allocator))
          .isInstanceOf(DTypeException.class)
          .hasMessageContaining("bfloat16");
      Tensor scalar = Tensor.scalar(1);
      assertThatThrownBy(() -> ArrowTensors.toVector("a", scalar, allocator))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("unsqueeze");
      Map<String, Tensor> unequal = new LinkedHashMap<>();
      unequal.put("x", Tensor.zeros(3));
      unequal.put("y", Tensor.zeros(4));
      assertThatThrownBy(() -> ArrowTensors.toBatch(unequal, allocator))
          .isInstanceOf(DataException.class)
          .hasMessageContainingAll("'y'", "4 rows", "'x'");
    }
  }

  @Test
  void anAllocatorOverItsLimitLeavesTheTensorAlone() {
    try (RootAllocator small = new RootAllocator(1024);
        Tensor tensor = Tensor.of(new float[4096])) {
      assertThatThrownBy(() -> ArrowTensors.toVector("a", tensor, small))
          .isInstanceOf(org.apache.arrow.memory.OutOfMemoryException.class);
      assertThat(tensor.storage().references()).isEqualTo(1);
    }
  }
}
