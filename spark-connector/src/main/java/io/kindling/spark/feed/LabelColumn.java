package io.kindling.spark.feed;

import java.io.Serializable;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructType;

/**
 * The column with the classes, as Spark ML has them: numbers of any type whose values are whole,
 * from 0 to {@code numClasses - 1}.
 */
public final class LabelColumn implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String name;
  private final int ordinal;
  private final DataType type;
  private final int numClasses;

  private LabelColumn(String name, int ordinal, DataType type, int numClasses) {
    this.name = name;
    this.ordinal = ordinal;
    this.type = type;
    this.numClasses = numClasses;
  }

  /**
   * The column {@code name} of rows of {@code schema}.
   *
   * @throws FeedException if there is no such column, if it is not numeric, or if there is no class
   */
  public static LabelColumn of(StructType schema, String name, int numClasses) {
    int ordinal = Columns.ordinal(schema, name);
    DataType type = schema.fields()[ordinal].dataType();
    if (!(type instanceof NumericType)) {
      throw new FeedException(
          "column '"
              + name
              + "' has type "
              + type.simpleString()
              + ", and a label is a number; turn names into numbers with StringIndexer");
    }
    if (numClasses < 1) {
      throw new FeedException(
          "column '" + name + "': numClasses is " + numClasses + "; expected at least 1");
    }
    return new LabelColumn(name, ordinal, type, numClasses);
  }

  public String name() {
    return name;
  }

  public int numClasses() {
    return numClasses;
  }

  /**
   * The row's class.
   *
   * @param partition the row's partition and
   * @param index its index there, for messages
   * @throws FeedException if the value is null or no class
   */
  public long read(InternalRow row, int partition, long index) {
    return check(row.isNullAt(ordinal) ? null : row.get(ordinal, type), partition, index);
  }

  private long check(Object value, int partition, long index) {
    if (value == null) {
      throw RefusedRowException.at(
          name, partition, index, "the label is null", "drop rows without a label first");
    }
    double number = FeatureValues.toDouble(value);
    if (number != Math.rint(number) || number < 0 || number >= numClasses) {
      throw RefusedRowException.at(
          name,
          partition,
          index,
          "the label is " + value,
          "expected a whole number from 0 to "
              + (numClasses - 1)
              + ", as the network has "
              + numClasses
              + " outputs; renumber labels with StringIndexer, or give the network more outputs");
    }
    return (long) number;
  }
}
