package io.kindling.spark.feed;

import java.util.Arrays;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import scala.collection.Iterator;
import scala.collection.Seq;

/** One row's features: fills the target with the values of whatever holds them, and checks each. */
final class FeatureValues {
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

  void vector(Vector vector) {
    checkLength(vector.size());
    if (vector instanceof SparseVector sparse) {
      Arrays.fill(target, 0);
      int[] positions = sparse.indices();
      double[] values = sparse.values();
      for (int i = 0; i < positions.length; i++) {
        put(positions[i], values[i]);
      }
    } else {
      double[] values = ((DenseVector) vector).values();
      for (int i = 0; i < values.length; i++) {
        put(i, values[i]);
      }
    }
  }

  /** An array as Spark's rows have it. */
  void sequence(Seq<?> sequence) {
    checkLength(sequence.length());
    Iterator<?> elements = sequence.iterator();
    for (int i = 0; i < target.length; i++) {
      Object element = elements.next();
      if (element == null) {
        throw elementIsNull(i);
      }
      put(i, toDouble(element));
    }
  }

  /** An array as Spark's internal rows have it. */
  void array(ArrayData array, DataType element) {
    checkLength(array.numElements());
    boolean isFloat = element instanceof FloatType;
    boolean isDouble = element instanceof DoubleType;
    for (int i = 0; i < target.length; i++) {
      if (array.isNullAt(i)) {
        throw elementIsNull(i);
      }
      if (isFloat) {
        put(i, array.getFloat(i));
      } else if (isDouble) {
        put(i, array.getDouble(i));
      } else {
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
