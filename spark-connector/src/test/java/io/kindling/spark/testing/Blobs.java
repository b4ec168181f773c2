package io.kindling.spark.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Points around a centre for each class, which a small network tells apart. */
public final class Blobs {
  public static final int CLASSES = 3;
  public static final int WIDTH = 4;

  /** A network that fits them. */
  public static final String NETWORK =
      """
      {"layers": [
        {"type": "Linear", "outFeatures": 16},
        {"type": "ReLU"},
        {"type": "Linear", "outFeatures": 3}]}
      """;

  private static final StructType SCHEMA =
      new StructType()
          .add("id", DataTypes.LongType)
          .add("features", SQLDataTypes.VectorType())
          .add("label", DataTypes.DoubleType)
          .add("held", DataTypes.BooleanType);

  private Blobs() {}

  /**
   * Rows of {@code id}, {@code features} (vector of {@link #WIDTH}), {@code label} and {@code
   * held}, which is true for every fifth.
   */
  public static List<Row> rows(int count) {
    Random random = new Random(7);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int label = i % CLASSES;
      double[] features = new double[WIDTH];
      for (int j = 0; j < WIDTH; j++) {
        features[j] = (j == label ? 2 : 0) + 0.4 * random.nextGaussian();
      }
      rows.add(RowFactory.create((long) i, Vectors.dense(features), (double) label, i % 5 == 0));
    }
    return rows;
  }

  /** {@link #rows} in so many partitions, in order. */
  public static Dataset<Row> dataset(int count, int partitions) {
    var session = LocalSpark.session();
    var context =
        org.apache.spark.api.java.JavaSparkContext.fromSparkContext(session.sparkContext());
    return session.createDataFrame(context.parallelize(rows(count), partitions), SCHEMA);
  }
}
