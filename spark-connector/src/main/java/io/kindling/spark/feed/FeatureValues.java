package io.kindling.spark.feed;

import java.util.Arrays;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;

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
    double[] values = vector.getArray(3).toDoubleArray();
    if (vector.getByte(0) == DENSE) {
      checkLength(values.length);
      putAll(values);
      return;
    }
    checkLength(vector.getInt(1));
    int[] positions = vector.getArray(2).toIntArray();
    Arrays.fill(target, 0);
    for (int i = 0; i < positions.length; i++) {
      put(positions[i], values[i]);
    }
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
      float[] values = array.toFloatArray();
      for (int i = 0; i < values.length; i++) {
        put(i, values[i]);
      }
    } else if (element instanceof DoubleType) {
      putAll(array.toDoubleArray());
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

  FeedException isNull() {
    return refused("the value is null", "fill or drop nulls first, for example with na().drop()");
  }

  static double toDouble(Object number) {
    return number instanceof Decimal decimal ? decimal.toDouble() : ((Number) number).doubleValue();
  }

  private void putAll(double[] values) {
    for (int i = 0; i < values.length; i++) {
      put(i, values[i]);
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

  private FeedException elementIsNull(int position) {
    return refused(
        "element " + position + " is null", "fill nulls inside the array, or drop such rows first");
  }

  private FeedException refused(String found, String remedy) {
    return FeedException.at(column.name(), partition, index, found, remedy);
  }
}
