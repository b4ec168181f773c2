package io.kindling.bench.spark;

import io.kindling.bench.model.FeedCase;
import java.util.Random;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Made-up rows of one column, {@code features}. */
public final class FeedTable {
  private FeedTable() {}

  public static Dataset<Row> of(SparkSession spark, FeedCase.Kind kind, int rows, int partitions) {
    DataType type =
        switch (kind) {
          case VECTOR -> SQLDataTypes.VectorType();
          case ARRAY -> DataTypes.createArrayType(DataTypes.FloatType, false);
          case NUMBER -> DataTypes.DoubleType;
        };
    MapFunction<Long, Row> make = id -> RowFactory.create(value(kind, new Random(id)));
    return spark
        .range(0, rows, 1, partitions)
        .map(make, Encoders.row(new StructType().add("features", type, false)));
  }

  private static Object value(FeedCase.Kind kind, Random random) {
    return switch (kind) {
      case VECTOR -> Vectors.dense(random.doubles(kind.width()).toArray());
      case ARRAY -> {
        float[] values = new float[kind.width()];
        for (int i = 0; i < values.length; i++) {
          values[i] = random.nextFloat();
        }
        yield values;
      }
      case NUMBER -> random.nextDouble();
    };
  }
}
