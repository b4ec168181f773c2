package io.kindling.spark.feed;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Objects;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructType;

/**
 * The column that a network reads: a Spark ML vector (dense or sparse), an array of numbers, or one
 * number. Every row must have exactly as many values as {@code inputShape} has elements, in
 * row-major order, all finite as float32. Made on the driver, which checks the type, and used on
 * executors.
 */
public final class FeatureColumn implements Serializable {
  private static final long serialVersionUID = 1L;

  /** A row must fit one segment of a mapped file with room to spare. */
  private static final long MOST_VALUES = 1L << 28;

  private enum Kind {
    VECTOR,
    ARRAY,
    NUMBER
  }

  private final String name;
  private final int ordinal;
  private final DataType type;
  private final Kind kind;
  private final long[] inputShape;
  private final int width;

  private FeatureColumn(
      String name, int ordinal, DataType type, Kind kind, long[] inputShape, int width) {
    this.name = name;
    this.ordinal = ordinal;
    this.type = type;
    this.kind = kind;
    this.inputShape = inputShape;
    this.width = width;
  }

  /**
   * The column {@code name} of rows of {@code schema}.
   *
   * @param inputShape the shape of one sample, without the batch dimension, such as {@code [1, 28,
   *     28]}
   * @throws FeedException if there is no such column, if its type is none of the above, or if the
   *     shape is impossible
   */
  public static FeatureColumn of(StructType schema, String name, long... inputShape) {
    int ordinal = Columns.ordinal(schema, name);
    DataType type = schema.fields()[ordinal].dataType();
    int width = width(name, inputShape);
    Kind kind = kind(type);
    if (kind == null) {
      throw new FeedException(
          "column '"
              + name
              + "' has type "
              + type.simpleString()
              + ", which is no network's input; use a vector column (VectorAssembler makes one),"
              + " an array of numbers, or a numeric column");
    }
    if (kind == Kind.NUMBER && width != 1) {
      throw new FeedException(
          "column '"
              + name
              + "' holds one number, and inputShape "
              + Arrays.toString(inputShape)
              + " needs "
              + width
              + "; combine columns with VectorAssembler, or set inputShape to [1]");
    }
    return new FeatureColumn(name, ordinal, type, kind, inputShape.clone(), width);
  }

  /** How many values a vector has, as {@code VectorUDT} stores it. */
  public static int vectorLength(InternalRow vector) {
    return FeatureValues.vectorLength(vector);
  }

  public String name() {
    return name;
  }

  /** The shape of one sample. */
  public long[] inputShape() {
    return inputShape.clone();
  }

  /** Whether a row holds one number, not a list of them. */
  boolean isNumber() {
    return kind == Kind.NUMBER;
  }

  /** How many values a row has. */
  public int width() {
    return width;
  }

  /** The same column of rows that have it at another place. */
  public FeatureColumn at(int otherOrdinal) {
    return new FeatureColumn(name, otherOrdinal, type, kind, inputShape, width);
  }

  /**
   * Writes the row's values into {@code target}, which has {@link #width} elements.
   *
   * @param partition the row's partition and
   * @param index its index there, for messages
   * @throws FeedException if the value is null, not finite, or of another length
   */
  public void read(InternalRow row, int partition, long index, float[] target) {
    FeatureValues values = new FeatureValues(this, partition, index, target);
    if (row.isNullAt(ordinal)) {
      throw values.isNull();
    }
    switch (kind) {
      case VECTOR -> values.vector(row.getStruct(ordinal, 4));
      case ARRAY -> values.array(row.getArray(ordinal), (ArrayType) type);
      case NUMBER -> values.number(row.get(ordinal, type));
    }
  }

  private static Kind kind(DataType type) {
    if (type.equals(SQLDataTypes.VectorType())) {
      return Kind.VECTOR;
    }
    if (type instanceof ArrayType array && array.elementType() instanceof NumericType) {
      return Kind.ARRAY;
    }
    return type instanceof NumericType ? Kind.NUMBER : null;
  }

  private static int width(String name, long[] inputShape) {
    long width = 1;
    for (long size : inputShape) {
      if (size < 1 || size > MOST_VALUES / width) {
        throw new FeedException(
            "column '"
                + name
                + "': inputShape "
                + Arrays.toString(inputShape)
                + " is impossible; give sizes of at least 1 whose product is at most "
                + MOST_VALUES);
      }
      width *= size;
    }
    return (int) width;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FeatureColumn that
        && name.equals(that.name)
        && type.equals(that.type)
        && Arrays.equals(inputShape, that.inputShape);
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, type, Arrays.hashCode(inputShape));
  }

  @Override
  public String toString() {
    return "'" + name + "' (" + type.simpleString() + ") as " + Arrays.toString(inputShape);
  }
}
