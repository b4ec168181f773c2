package io.kindling.data.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.MemoryException;
import io.kindling.data.DataException;
import io.kindling.memory.Scope;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.util.TransferPair;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ArrowToTensorTest {
  private final RootAllocator root = new RootAllocator();
  private final BufferAllocator allocator = root.newChildAllocator("test", 0, Long.MAX_VALUE);

  @AfterEach
  void nothingIsLeftInArrow() {
    allocator.close();
    assertThat(root.getAllocatedMemory()).isZero();
    root.close();
  }

  @Test
  void everyNumericVectorBecomesATensorOnItsOwnMemory() {
    try (Scope scope = Scope.open();
        Float2Vector float16 = new Float2Vector("a", allocator);
        Float4Vector float32 = new Float4Vector("a", allocator);
        Float8Vector float64 = new Float8Vector("a", allocator);
        TinyIntVector int8 = new TinyIntVector("a", allocator);
        UInt1Vector uint8 = new UInt1Vector("a", allocator);
        SmallIntVector int16 = new SmallIntVector("a", allocator);
        IntVector int32 = new IntVector("a", allocator);
        BigIntVector int64 = new BigIntVector("a", allocator)) {
      for (int i = 0; i < 3; i++) {
        float16.setSafeWithPossibleTruncate(i, i - 0.5f);
        float32.setSafe(i, i - 0.5f);
        float64.setSafe(i, i - 0.5);
        int8.setSafe(i, i - 128);
        uint8.setSafe(i, 253 + i);
        int16.setSafe(i, i - 32768);
        int32.setSafe(i, Integer.MIN_VALUE + i);
        int64.setSafe(i, Long.MIN_VALUE + i);
      }
      checkShared(float16, DType.FLOAT16, -0.5, 0.5, 1.5);
      checkShared(float32, DType.FLOAT32, -0.5, 0.5, 1.5);
      checkShared(float64, DType.FLOAT64, -0.5, 0.5, 1.5);
      checkShared(int8, DType.INT8, -128, -127, -126);
      checkShared(uint8, DType.UINT8, 253, 254, 255);
      checkShared(int16, DType.INT16, -32768, -32767, -32766);
      checkShared(int32, DType.INT32, -2147483648.0, -2147483647.0, -2147483646.0);
      checkShared(int64, DType.INT64, Long.MIN_VALUE, Long.MIN_VALUE + 1, Long.MIN_VALUE + 2);
    }
  }

  @Test
  void boolsAreUnpackedIntoACopy() {
    try (Scope scope = Scope.open();
        BitVector bits = new BitVector("a", allocator)) {
      for (int i = 0; i < 11; i++) {
        bits.setSafe(i, i % 3 == 0 ? 1 : 0);
      }
      bits.setValueCount(11);
      Tensor tensor = ArrowTensors.toTensor(bits);
      assertThat(tensor.dtype()).isEqualTo(DType.BOOL);
      assertThat(tensor.toLongArray()).containsExactly(1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0);
      assertThat(tensor.storage().isReadOnly()).isFalse();
    }
  }

  @Test
  void fixedSizeListsAreRows() {
    try (Scope scope = Scope.open();
        FixedSizeListVector lists = fixedSizeLists(4, 3)) {
      Tensor tensor = ArrowTensors.toTensor(lists);
      assertThat(tensor.shape().toArray()).containsExactly(4, 3);
      assertThat(tensor.address()).isEqualTo(lists.getDataVector().getDataBuffer().memoryAddress());
      assertThat(tensor.toFloatArray()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    }
  }

  @Test
  void listsOfOneLengthAreRows() {
    try (Scope scope = Scope.open();
        ListVector lists = lists(3, 3, 3)) {
      Tensor tensor = ArrowTensors.toTensor(lists);
      assertThat(tensor.shape().toArray()).containsExactly(3, 3);
      assertThat(tensor.address()).isEqualTo(lists.getDataVector().getDataBuffer().memoryAddress());
      assertThat(tensor.toFloatArray()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8);
    }
  }

  @Test
  void listsOfListsHaveThreeDimensions() {
    try (Scope scope = Scope.open();
        FixedSizeListVector outer = FixedSizeListVector.empty("a", 2, allocator)) {
      FixedSizeListVector inner =
          (FixedSizeListVector)
              outer.addOrGetVector(FieldType.nullable(new ArrowType.FixedSizeList(3))).getVector();
      IntVector values =
          (IntVector)
              inner.addOrGetVector(FieldType.nullable(new ArrowType.Int(32, true))).getVector();
      for (int i = 0; i < 24; i++) {
        values.setSafe(i, i);
      }
      for (int i = 0; i < 8; i++) {
        inner.setNotNull(i);
      }
      for (int i = 0; i < 4; i++) {
        outer.setNotNull(i);
      }
      outer.setValueCount(4);
      Tensor tensor = ArrowTensors.toTensor(outer);
      assertThat(tensor.shape().toArray()).containsExactly(4, 2, 3);
      assertThat(tensor.select(0, 3).select(0, 1).toLongArray()).containsExactly(21, 22, 23);
      values.setNull(22);
      assertThatThrownBy(() -> ArrowTensors.toTensor(outer))
          .isInstanceOf(DataException.class)
          .hasMessageContainingAll("'a'", "row 3", "element 4", "null");
    }
  }

  @Test
  void aSliceStartsAtItsOffset() {
    try (Scope scope = Scope.open();
        Float4Vector whole = floats(20);
        FixedSizeListVector fixed = fixedSizeLists(6, 3);
        ListVector ragged = lists(1, 2, 2, 2, 5)) {
      try (Float4Vector slice = slice(whole, 5, 7);
          FixedSizeListVector fixedSlice = slice(fixed, 2, 3);
          ListVector listSlice = slice(ragged, 1, 3)) {
        Tensor tensor = ArrowTensors.toTensor(slice);
        assertThat(tensor.address()).isEqualTo(whole.getDataBuffer().memoryAddress() + 5 * 4);
        assertThat(tensor.toFloatArray()).containsExactly(5, 6, 7, 8, 9, 10, 11);
        assertThat(ArrowTensors.toTensor(fixedSlice).toFloatArray())
            .containsExactly(6, 7, 8, 9, 10, 11, 12, 13, 14);
        Tensor fromLists = ArrowTensors.toTensor(listSlice);
        assertThat(fromLists.toFloatArray()).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(fromLists.address())
            .isEqualTo(ragged.getDataVector().getDataBuffer().memoryAddress() + 4);
      }
    }
  }

  @Test
  void listsWhoseOffsetsDoNotStartAtZeroAreRead() {
    try (Scope scope = Scope.open();
        ListVector lists = lists(2, 2, 2)) {
      // What a batch cut from a larger one looks like in the IPC format of other writers.
      for (int i = 0; i <= 2; i++) {
        lists.getOffsetBuffer().setInt(4L * i, 2 + 2 * i);
      }
      lists.setLastSet(1);
      lists.setValueCount(2);
      Tensor tensor = ArrowTensors.toTensor(lists);
      assertThat(tensor.toFloatArray()).containsExactly(2, 3, 4, 5);
      assertThat(tensor.address())
          .isEqualTo(lists.getDataVector().getDataBuffer().memoryAddress() + 8);
      ((Float4Vector) lists.getDataVector()).setNull(0); // outside of the two lists
      assertThat(ArrowTensors.toTensor(lists).toFloatArray()).containsExactly(2, 3, 4, 5);
      ((Float4Vector) lists.getDataVector()).setNull(5);
      assertThatThrownBy(() -> ArrowTensors.toTensor(lists))
          .hasMessageContainingAll("row 1", "element 1", "null");
    }
  }

  @Test
  void noRowsAreAnEmptyTensor() {
    try (Scope scope = Scope.open();
        Float4Vector numbers = new Float4Vector("a", allocator);
        FixedSizeListVector lists = fixedSizeLists(0, 3)) {
      assertThat(ArrowTensors.toTensor(numbers).shape().toArray()).containsExactly(0);
      assertThat(ArrowTensors.toTensor(lists).shape().toArray()).containsExactly(0, 3);
    }
  }

  @Test
  void theTensorOutlivesTheVectorAndItsAllocator() {
    BufferAllocator own = root.newChildAllocator("own", 0, Long.MAX_VALUE);
    Float4Vector vector = new Float4Vector("a", own);
    vector.setSafe(0, 1.5f);
    vector.setSafe(1, 2.5f);
    vector.setValueCount(2);
    Tensor tensor = ArrowTensors.toTensor(vector);
    vector.close();
    own.close();
    assertThat(root.getAllocatedMemory()).isPositive();
    assertThat(tensor.toFloatArray()).containsExactly(1.5f, 2.5f);
    Tensor part = tensor.narrow(0, 1, 1);
    tensor.close();
    assertThat(part.toFloatArray()).containsExactly(2.5f);
    part.close();
    assertThat(root.getAllocatedMemory()).isZero();
    assertThat(root.getChildAllocators()).containsExactly(allocator);
  }

  @Test
  void theVectorOutlivesTheTensor() {
    try (Float4Vector vector = floats(4)) {
      int holders = vector.getDataBuffer().refCnt();
      ArrowTensors.toTensor(vector).close();
      assertThat(vector.get(3)).isEqualTo(3);
      assertThat(vector.getDataBuffer().refCnt()).isEqualTo(holders);
      assertThat(root.getChildAllocators()).containsExactly(allocator);
    }
  }

  @Test
  void arrowMemoryIsReadOnly() {
    try (Scope scope = Scope.open();
        Float4Vector vector = floats(4)) {
      Tensor tensor = ArrowTensors.toTensor(vector);
      assertThatThrownBy(() -> tensor.add_(1)).isInstanceOf(MemoryException.class);
      assertThat(tensor.add(1).toFloatArray()).containsExactly(1, 2, 3, 4);
    }
  }

  @Test
  void aNullIsRefusedWithItsColumnAndRow() {
    try (Float4Vector vector = floats(6);
        FixedSizeListVector lists = fixedSizeLists(4, 3)) {
      vector.setNull(4);
      assertThatThrownBy(() -> ArrowTensors.toTensor(vector))
          .isInstanceOf(DataException.class)
          .hasMessageContainingAll("'numbers'", "row 4", "null");
      ((Float4Vector) lists.getDataVector()).setNull(7);
      assertThatThrownBy(() -> ArrowTensors.toTensor(lists))
          .isInstanceOf(DataException.class)
          .hasMessageContainingAll("'lists'", "row 2", "element 1", "null");
      lists.setNull(1);
      assertThatThrownBy(() -> ArrowTensors.toTensor(lists))
          .isInstanceOf(DataException.class)
          .hasMessageContainingAll("'lists'", "row 1:", "null");
    }
    assertThat(root.getAllocatedMemory()).isZero();
  }

  @Test
  void raggedListsAreRefusedWithBothLengths() {
    try (ListVector lists = lists(3, 3, 2, 3)) {
      assertThatThrownBy(() -> ArrowTensors.toTensor(lists))
          .isInstanceOf(DataException.class)
          .hasMessageContainingAll("'lists'", "row 2", "2 elements", "have 3");
    }
  }

  @Test
  void typesWithoutATensorAreRefusedByName() {
    try (VarCharVector text = new VarCharVector("words", allocator);
        UInt4Vector unsigned = new UInt4Vector("counts", allocator)) {
      assertThatThrownBy(() -> ArrowTensors.toTensor(text))
          .isInstanceOf(DataException.class)
          .hasMessageContainingAll("'words'", "Utf8");
      assertThatThrownBy(() -> ArrowTensors.toTensor(unsigned))
          .isInstanceOf(DataException.class)
          .hasMessageContainingAll("'counts'", "32", "cast");
    }
  }

  @Test
  void aBatchIsNamedTensors() {
    FixedSizeListVector features = fixedSizeLists(3, 2);
    IntVector labels = new IntVector("label", allocator);
    for (int i = 0; i < 3; i++) {
      labels.setSafe(i, 10 * i);
    }
    labels.setValueCount(3);
    Map<String, Tensor> tensors;
    try (VectorSchemaRoot batch = new VectorSchemaRoot(List.<FieldVector>of(features, labels))) {
      tensors = ArrowTensors.toTensors(batch);
      assertThat(tensors.get("label").address()).isEqualTo(labels.getDataBuffer().memoryAddress());
    }
    assertThat(tensors).containsOnlyKeys("lists", "label");
    assertThat(tensors.get("lists").shape().toArray()).containsExactly(3, 2);
    assertThat(tensors.get("lists").toFloatArray()).containsExactly(0, 1, 2, 3, 4, 5);
    assertThat(tensors.get("label").toLongArray()).containsExactly(0, 10, 20);
    tensors.values().forEach(Tensor::close);
  }

  @Test
  void aBatchWithOneBadColumnLeavesNothing() {
    Float4Vector good = floats(3);
    IntVector bad = new IntVector("bad", allocator);
    bad.setValueCount(3);
    try (VectorSchemaRoot batch = new VectorSchemaRoot(List.<FieldVector>of(good, bad))) {
      assertThatThrownBy(() -> ArrowTensors.toTensors(batch)).hasMessageContaining("'bad'");
    }
    assertThat(root.getAllocatedMemory()).isZero();
  }

  private static void checkShared(BaseFixedWidthVector vector, DType dtype, double... values) {
    vector.setValueCount(values.length);
    Tensor tensor = ArrowTensors.toTensor(vector);
    assertThat(tensor.dtype()).isEqualTo(dtype);
    assertThat(tensor.shape().toArray()).containsExactly(values.length);
    assertThat(tensor.address()).isEqualTo(vector.getDataBuffer().memoryAddress());
    assertThat(tensor.storage().isReadOnly()).isTrue();
    assertThat(tensor.toDoubleArray()).containsExactly(values);
  }

  private Float4Vector floats(int count) {
    Float4Vector vector = new Float4Vector("numbers", allocator);
    for (int i = 0; i < count; i++) {
      vector.setSafe(i, i);
    }
    vector.setValueCount(count);
    return vector;
  }

  private FixedSizeListVector fixedSizeLists(int rows, int length) {
    FixedSizeListVector lists = FixedSizeListVector.empty("lists", length, allocator);
    Float4Vector values =
        (Float4Vector)
            lists
                .addOrGetVector(FieldType.nullable(ElementTypes.arrowType(DType.FLOAT32)))
                .getVector();
    for (int i = 0; i < rows * length; i++) {
      values.setSafe(i, i);
    }
    for (int i = 0; i < rows; i++) {
      lists.setNotNull(i);
    }
    lists.setValueCount(rows);
    return lists;
  }

  private ListVector lists(int... lengths) {
    ListVector lists = ListVector.empty("lists", allocator);
    Float4Vector values =
        (Float4Vector)
            lists
                .addOrGetVector(FieldType.nullable(ElementTypes.arrowType(DType.FLOAT32)))
                .getVector();
    int next = 0;
    for (int row = 0; row < lengths.length; row++) {
      lists.startNewValue(row);
      for (int i = 0; i < lengths[row]; i++, next++) {
        values.setSafe(next, next);
      }
      lists.endValue(row, lengths[row]);
    }
    lists.setValueCount(lengths.length);
    return lists;
  }

  @SuppressWarnings("unchecked")
  private <V extends FieldVector> V slice(V vector, int from, int count) {
    TransferPair pair = vector.getTransferPair(allocator);
    pair.splitAndTransfer(from, count);
    return (V) pair.getTo();
  }
}
