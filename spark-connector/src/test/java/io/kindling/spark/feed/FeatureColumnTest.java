package io.kindling.spark.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FeatureColumnTest {
  private static final DataType VECTOR = SQLDataTypes.VectorType();
  private static final DataType DOUBLES = DataTypes.createArrayType(DataTypes.DoubleType);
  private static final DataType FLOATS = DataTypes.createArrayType(DataTypes.FloatType);

  static Stream<Arguments> columns() {
    return Stream.of(
        Arguments.of(VECTOR, Vectors.dense(1.5, 0, -2), new float[] {1.5f, 0, -2}),
        Arguments.of(
            VECTOR,
            Vectors.sparse(4, new int[] {1, 3}, new double[] {0.5, -1}),
            new float[] {0, 0.5f, 0, -1}),
        Arguments.of(FLOATS, List.of(1.5f, -2f), new float[] {1.5f, -2}),
        Arguments.of(
            DataTypes.createArrayType(DataTypes.FloatType, false),
            List.of(1.5f, -2f),
            new float[] {1.5f, -2}),
        Arguments.of(DOUBLES, List.of(0.1, 1e-300, 1e38), new float[] {0.1f, 0, 1e38f}),
        Arguments.of(
            DataTypes.createArrayType(DataTypes.IntegerType), List.of(1, -7), new float[] {1, -7}),
        Arguments.of(
            DataTypes.createArrayType(DataTypes.LongType),
            List.of(1L << 40, -7L),
            new float[] {1L << 40, -7}),
        Arguments.of(
            DataTypes.createArrayType(DataTypes.ShortType),
            List.of((short) 300, (short) -7),
            new float[] {300, -7}),
        Arguments.of(
            DataTypes.createArrayType(DataTypes.ByteType),
            List.of((byte) 127, (byte) -7),
            new float[] {127, -7}),
        Arguments.of(
            DataTypes.createArrayType(DataTypes.createDecimalType(10, 2)),
            List.of(new BigDecimal("1.25"), new BigDecimal("-7.50")),
            new float[] {1.25f, -7.5f}),
        Arguments.of(DataTypes.DoubleType, 0.1, new float[] {0.1f}),
        Arguments.of(DataTypes.FloatType, 0.1f, new float[] {0.1f}),
        Arguments.of(DataTypes.IntegerType, 7, new float[] {7}),
        Arguments.of(DataTypes.LongType, -7L, new float[] {-7}),
        Arguments.of(DataTypes.ShortType, (short) 7, new float[] {7}),
        Arguments.of(DataTypes.ByteType, (byte) 7, new float[] {7}),
        Arguments.of(
            DataTypes.createDecimalType(10, 2), new BigDecimal("1.25"), new float[] {1.25f}));
  }

  @ParameterizedTest
  @MethodSource("columns")
  void everyColumnTypeIsRead(DataType type, Object value, float[] expected) throws Exception {
    StructType schema = new StructType().add("id", DataTypes.LongType).add("x", type);
    FeatureColumn column = travelled(FeatureColumn.of(schema, "x", expected.length));
    float[] target = new float[expected.length];
    Arrays.fill(target, 99);
    column.read(SparkRows.of(schema, 5L, value), 0, 0, target);
    assertThat(target).containsExactly(expected);
  }

  @Test
  void aVectorsLengthIsReadWhereItIsStored() {
    StructType schema = SparkRows.schema("x", VECTOR);
    assertThat(FeatureColumn.vectorLength(vector(schema, Vectors.dense(1, 2, 3)))).isEqualTo(3);
    assertThat(FeatureColumn.vectorLength(vector(schema, Vectors.dense(new double[0])))).isZero();
    assertThat(
            FeatureColumn.vectorLength(
                vector(schema, Vectors.sparse(9, new int[] {1}, new double[] {1}))))
        .isEqualTo(9);
  }

  private static InternalRow vector(StructType schema, Vector vector) {
    return SparkRows.of(schema, vector).getStruct(0, 4);
  }

  @Test
  void theLargestNumbersAreFinite() {
    StructType schema = SparkRows.schema("x", VECTOR);
    float[] target = new float[4];
    FeatureColumn.of(schema, "x", 4)
        .read(
            SparkRows.of(
                schema, Vectors.dense(Float.MAX_VALUE, -Float.MAX_VALUE, -0.0, Float.MIN_VALUE)),
            0,
            0,
            target);
    assertThat(target).containsExactly(Float.MAX_VALUE, -Float.MAX_VALUE, -0.0f, Float.MIN_VALUE);
  }

  @Test
  void arraysThatAreNotInBinaryFormAreReadToo() {
    for (DataType type : List.of(FLOATS, DOUBLES)) {
      FeatureColumn column = FeatureColumn.of(SparkRows.schema("x", type), "x", 2);
      float[] target = new float[2];
      column.read(row(type, 1.5f, -2), 0, 0, target);
      assertThat(target).containsExactly(1.5f, -2);
      assertThatThrownBy(() -> column.read(row(type, 1, Float.NaN), 0, 0, target))
          .hasMessageContaining("element 1 is NaN");
    }
  }

  private static InternalRow row(DataType type, float first, float second) {
    Object values =
        type.equals(FLOATS) ? new float[] {first, second} : new double[] {first, second};
    return new GenericInternalRow(new Object[] {new GenericArrayData(values)});
  }

  static Stream<Arguments> badValues() {
    return Stream.of(
        Arguments.of(VECTOR, null, "is null"),
        Arguments.of(FLOATS, null, "is null"),
        Arguments.of(VECTOR, Vectors.dense(1, Double.NaN), "element 1 is NaN"),
        Arguments.of(
            VECTOR,
            Vectors.sparse(2, new int[] {1}, new double[] {Double.NEGATIVE_INFINITY}),
            "element 1 is -Infinity"),
        Arguments.of(FLOATS, List.of(Float.NaN, 1f), "element 0 is NaN"),
        Arguments.of(DOUBLES, List.of(1.0, 1e39), "element 1 is 1.0E39"),
        Arguments.of(DOUBLES, Arrays.asList(1.0, null), "element 1 is null"),
        Arguments.of(FLOATS, Arrays.asList(null, 1f), "element 0 is null"),
        Arguments.of(FLOATS, List.of(1f), "there are 1 values; inputShape [2] needs 2"),
        Arguments.of(DOUBLES, List.of(1.0, 2.0, 3.0), "there are 3 values"),
        Arguments.of(DOUBLES, List.of(), "there are 0 values"),
        Arguments.of(VECTOR, Vectors.dense(1, 2, 3), "there are 3 values"),
        Arguments.of(
            VECTOR, Vectors.sparse(9, new int[] {1}, new double[] {1}), "there are 9 values"));
  }

  @ParameterizedTest
  @MethodSource("badValues")
  void aBadValueIsRefusedWithColumnRowAndRemedy(DataType type, Object value, String found) {
    StructType schema = SparkRows.schema("pixels", type);
    FeatureColumn column = FeatureColumn.of(schema, "pixels", 2);
    float[] target = new float[2];
    assertThatThrownBy(() -> column.read(SparkRows.of(schema, value), 3, 17, target))
        .isInstanceOf(FeedException.class)
        .hasMessageContainingAll("'pixels'", "row 17 of partition 3", found, "; ");
  }

  @Test
  void aNumberThatIsNotFiniteIsRefused() {
    StructType schema = SparkRows.schema("x", DataTypes.DoubleType);
    FeatureColumn column = FeatureColumn.of(schema, "x", 1);
    assertThatThrownBy(() -> column.read(SparkRows.of(schema, Double.NaN), 0, 1, new float[1]))
        .hasMessageContaining("the value is NaN");
    assertThatThrownBy(() -> column.read(SparkRows.of(schema, (Object) null), 0, 1, new float[1]))
        .hasMessageContaining("the value is null");
  }

  @Test
  void columnsThatCannotBeFeaturesAreRefusedOnTheDriver() {
    StructType schema =
        new StructType()
            .add("name", DataTypes.StringType)
            .add("words", DataTypes.createArrayType(DataTypes.StringType))
            .add("flag", DataTypes.BooleanType)
            .add("x", DataTypes.DoubleType)
            .add("v", VECTOR);
    for (String column : List.of("name", "words", "flag")) {
      assertThatThrownBy(() -> FeatureColumn.of(schema, column, 1))
          .isInstanceOf(FeedException.class)
          .hasMessageContainingAll("'" + column + "'", "VectorAssembler");
    }
    assertThatThrownBy(() -> FeatureColumn.of(schema, "missing", 1))
        .hasMessageContainingAll("'missing'", "name, words, flag, x, v");
    assertThatThrownBy(() -> FeatureColumn.of(schema, "x", 2, 2))
        .hasMessageContainingAll("one number", "[2, 2]", "4");
    assertThatThrownBy(() -> FeatureColumn.of(schema, "v", 3, 0)).hasMessageContaining("[3, 0]");
    assertThatThrownBy(() -> FeatureColumn.of(schema, "v", 1 << 20, 1 << 20))
        .hasMessageContaining("impossible");
    assertThat(FeatureColumn.of(schema, "v", 1, 28, 28).width()).isEqualTo(784);
  }

  private static FeatureColumn travelled(FeatureColumn column) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream stream = new ObjectOutputStream(bytes)) {
      stream.writeObject(column);
    }
    try (ObjectInputStream stream =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (FeatureColumn) stream.readObject();
    }
  }
}
