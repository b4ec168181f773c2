package io.kindling.data.arrow;

import io.kindling.data.DataException;
import io.kindling.memory.OffHeap;
import io.kindling.op.Spec;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.ListVector;

/**
 * Reads one column: walks down through its lists, whose lengths become the shape, to the vector of
 * numbers below, whose memory becomes the tensor's.
 */
final class VectorReader {
  private final String column;
  private final List<Long> sizes = new ArrayList<>();

  /** How many values of the present level one row of the column has. */
  private long valuesPerRow = 1;

  VectorReader(String column) {
    this.column = column;
  }

  Tensor read(FieldVector vector) {
    int rows = vector.getValueCount();
    sizes.add((long) rows);
    long first = 0;
    long count = rows;
    FieldVector values = vector;
    while (true) {
      checkNulls(values, first, count);
      long length;
      if (values instanceof FixedSizeListVector lists) {
        length = lists.getListSize();
        first *= length;
        values = lists.getDataVector();
      } else if (values instanceof ListVector lists) {
        length = listLength(lists, first, count);
        first = count == 0 ? 0 : lists.getElementStartIndex((int) first);
        values = lists.getDataVector();
      } else {
        return numbers(values, first, count);
      }
      sizes.add(length);
      count *= length;
      valuesPerRow *= length;
    }
  }

  private Tensor numbers(FieldVector values, long first, long count) {
    DType dtype = ElementTypes.of(column, values.getField());
    Shape shape = Shape.of(sizes.stream().mapToLong(Long::longValue).toArray());
    if (count == 0) {
      return Tensor.empty(shape, dtype, Device.CPU);
    }
    if (values instanceof BitVector bits) {
      Tensor copy = Tensor.empty(shape, DType.BOOL, Device.CPU);
      for (long i = 0; i < count; i++) {
        OffHeap.putByte(copy.address() + i, (byte) bits.get((int) (first + i)));
      }
      return copy;
    }
    int width = ((BaseFixedWidthVector) values).getTypeWidth();
    return new Tensor(
        VectorMemory.wrap(values.getDataBuffer(), first * width, count * width),
        Spec.of(shape, dtype),
        Device.CPU);
  }

  /** The length that all {@code count} lists from {@code first} on have. */
  private long listLength(ListVector lists, long first, long count) {
    long expected = 0;
    for (long i = 0; i < count; i++) {
      int at = (int) (first + i);
      long length = lists.getElementEndIndex(at) - lists.getElementStartIndex(at);
      if (i == 0) {
        expected = length;
      } else if (length != expected) {
        throw new DataException(
            "Arrow column '"
                + column
                + "', row "
                + i / valuesPerRow
                + ": the list has "
                + length
                + " elements, the lists before it have "
                + expected
                + "; a tensor needs lists of one length, so pad or cut them first");
      }
    }
    return expected;
  }

  private void checkNulls(FieldVector vector, long first, long count) {
    if (vector.getNullCount() == 0) {
      return;
    }
    for (long i = 0; i < count; i++) {
      if (vector.isNull((int) (first + i))) {
        String element = sizes.size() > 1 ? ", element " + i % valuesPerRow : "";
        throw new DataException(
            "Arrow column '"
                + column
                + "', row "
                + i / valuesPerRow
                + element
                + ": the value is null, which a tensor cannot hold; fill or drop nulls first");
      }
    }
  }
}
