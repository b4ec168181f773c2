package io.kindling.spark.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TrainingColumnsTest {
  static Stream<Arguments> labels() {
    return Stream.of(
        Arguments.of(DataTypes.DoubleType, 9.0),
        Arguments.of(DataTypes.FloatType, 9f),
        Arguments.of(DataTypes.LongType, 9L),
        Arguments.of(DataTypes.IntegerType, 9),
        Arguments.of(DataTypes.ShortType, (short) 9),
        Arguments.of(DataTypes.ByteType, (byte) 9),
        Arguments.of(DataTypes.createDecimalType(5, 1), new BigDecimal("9.0")));
  }

  @ParameterizedTest
  @MethodSource("labels")
  void everyNumericTypeIsALabel(DataType type, Object value) {
    StructType schema = SparkRows.schema("label", type);
    LabelColumn column = LabelColumn.of(schema, "label", 10);
    assertThat(column.read(SparkRows.of(schema, value), 0, 0)).isEqualTo(9);
  }

  @Test
  void whatIsNoClassIsRefused() {
    StructType schema = SparkRows.schema("label", DataTypes.DoubleType);
    LabelColumn column = LabelColumn.of(schema, "label", 10);
    List<Double> bad =
        Arrays.asList(null, 2.5, -1.0, 10.0, 1e300, Double.NaN, Double.POSITIVE_INFINITY);
    for (Double value : bad) {
      assertThatThrownBy(() -> column.read(SparkRows.of(schema, value), 2, 8))
          .isInstanceOf(FeedException.class)
          .hasMessageContainingAll("'label'", "row 8 of partition 2", "label is " + value);
    }
    assertThatThrownBy(() -> column.read(SparkRows.of(schema, 10.0), 2, 8))
        .hasMessageContainingAll("0 to 9", "10 outputs", "StringIndexer");
  }

  @Test
  void columnsThatCannotBeLabelsAreRefused() {
    StructType schema = SparkRows.schema("label", DataTypes.StringType);
    assertThatThrownBy(() -> LabelColumn.of(schema, "label", 10))
        .hasMessageContainingAll("'label'", "string", "StringIndexer");
    StructType numbers = SparkRows.schema("label", DataTypes.LongType);
    assertThatThrownBy(() -> LabelColumn.of(numbers, "label", 0))
        .hasMessageContaining("numClasses");
  }

  @Test
  void aRowIsReadWhole() {
    StructType schema =
        new StructType()
            .add("held", DataTypes.BooleanType)
            .add("label", DataTypes.IntegerType)
            .add("x", DataTypes.createArrayType(DataTypes.FloatType));
    TrainingColumns columns = columns(schema, "held");
    FeedRow row = columns.read(SparkRows.of(schema, true, 1, List.of(3f, 4f)), 5, 6, new float[2]);
    assertThat(row.features()).containsExactly(3, 4);
    assertThat(row.label()).isEqualTo(1);
    assertThat(row.validation()).isTrue();
    assertThat(row.partition()).isEqualTo(5);
    assertThat(row.index()).isEqualTo(6);
    InternalRow held = SparkRows.of(schema, null, 1, List.of(3f, 4f));
    assertThat(columns(schema, null).read(held, 0, 0, new float[2]).validation()).isFalse();
    assertThatThrownBy(() -> columns.read(held, 5, 6, new float[2]))
        .isInstanceOf(FeedException.class)
        .hasMessageContainingAll("'held'", "row 6 of partition 5", "null");
    assertThatThrownBy(() -> columns(schema, "label")).hasMessageContaining("boolean");
  }

  private static TrainingColumns columns(StructType schema, String validation) {
    return TrainingColumns.of(
        schema, FeatureColumn.of(schema, "x", 2), LabelColumn.of(schema, "label", 2), validation);
  }
}
