package io.kindling.spark.feed;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.unsafe.Platform;

/** One row's features: fills the target with the values of whatever holds them, and checks each. */
final class FeatureValues {
  /** The first byte of a stored vector that lists all its values. */
  private static final byte DENSE = 1;

  private final FeatureColumn column;
  private final int partition;
  private final long index;
  private final float[] target;

  FeatureValues(FeatureColumn column, int partition, long index, float[] target) {
    this.column = column;
    this.partition = partition;
    this.index = index;
    this.target = target;
  }

  /** A vector as {@code VectorUDT} stores it: its kind, its size, its indices and its values. */
  void vector(InternalRow vector) {
    ArrayData stored = vector.getArray(3);
    checkLength(vectorLength(vector));
    if (isDense(vector)) {
      doubles(stored);
      return;
    }
    double[] values = stored.toDoubleArray();
    int[] positions = vector.getArray(2).toIntArray();
    Arrays.fill(target, 0);
    for (int i = 0; i < positions.length; i++) {
      put(positions[i], values[i]);
    }
  }

  static int vectorLength(InternalRow vector) {
    return isDense(vector) ? vector.getArray(3).numElements() : vector.getInt(1);
  }

  private static boolean isDense(InternalRow vector) {
    return vector.getByte(0) == DENSE;
  }

  void array(ArrayData array, ArrayType type) {
    checkLength(array.numElements());
    if (type.containsNull()) {
      for (int i = 0; i < target.length; i++) {
        if (array.isNullAt(i)) {
          throw elementIsNull(i);
        }
      }
    }
    DataType element = type.elementType();
    if (element instanceof FloatType) {
      floats(array);
    } else if (element instanceof DoubleType) {
      doubles(array);
    } else {
      for (int i = 0; i < target.length; i++) {
        put(i, toDouble(array.get(i, element)));
      }
    }
  }

  void number(Object number) {
    checkLength(1);
    put(0, toDouble(number));
  }

  RefusedRowException isNull() {
    return refused("the value is null", "fill or drop nulls first, for example with na().drop()");
  }

  static double toDouble(Object number) {
    return number instanceof Decimal decimal ? decimal.toDouble() : ((Number) number).doubleValue();
  }

  /** Numbers in Spark's binary form are read where they lie, in a third of the time of a copy. */
  private void doubles(ArrayData array) {
    if (array instanceof UnsafeArrayData stored) {
      long first = firstNumber(stored);
      for (int i = 0; i < target.length; i++) {
        target[i] = (float) Platform.getDouble(stored.getBaseObject(), first + 8L * i);
      }
      checkFinite(stored::getDouble);
      return;
    }
    for (int i = 0; i < target.length; i++) {
      put(i, array.getDouble(i));
    }
  }

  private void floats(ArrayData array) {
    if (array instanceof UnsafeArrayData stored) {
      Platform.copyMemory(
          stored.getBaseObject(),
          firstNumber(stored),
          target,
          Platform.FLOAT_ARRAY_OFFSET,
          4L * target.length);
      checkFinite(stored::getFloat);
      return;
    }
    for (int i = 0; i < target.length; i++) {
      put(i, array.getFloat(i));
    }
  }

  private static long firstNumber(UnsafeArrayData array) {
    int header = UnsafeArrayData.calculateHeaderPortionInBytes(array.numElements());
    return array.getBaseOffset() + header;
  }

  /** Without a branch for each value: adding 1 to the exponent carries where it is the largest. */
  private void checkFinite(IntToDoubleFunction original) {
    int signs = 0;
    for (float value : target) {
      signs |= (Float.floatToRawIntBits(value) & 0x7fffffff) + 0x00800000;
    }
    for (int i = 0; signs < 0 && i < target.length; i++) {
      put(i, original.applyAsDouble(i)); // refuses the first that is not finite
    }
  }

  private void put(int position, double value) {
    float rounded = (float) value;
    if (!Float.isFinite(rounded)) {
      throw refused(
          (column.isNumber() ? "the value is " : "element " + position + " is ") + value,
          "features must be finite as float32, so fill, clip or drop such rows first");
    }
    target[position] = rounded;
  }

  private void checkLength(int length) {
    if (length != target.length) {
      throw refused(
          "there are " + length + " values",
          "inputShape "
              + Arrays.toString(column.inputShape())
              + " needs "
              + target.length
              + " in every row; pad or cut the rows, or set inputShape to what they have");
    }
  }

  private RefusedRowException elementIsNull(int position) {
    return refused(
        "element " + position + " is null", "fill nulls inside the array, or drop such rows first");
  }

  private RefusedRowException refused(String found, String remedy) {
    return RefusedRowException.at(column.name(), partition, index, found, remedy);
  }
}
