package io.kindling.bench.spark;

import io.kindling.bench.BenchException;
import io.kindling.data.idx.IdxReader;
import io.kindling.tensor.Tensor;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.function.LongFunction;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Images of 28 x 28 pixels as rows of {@code id} (long), {@code features} (a dense vector of 784
 * numbers from 0 to 1) and {@code label} (double, 0 to 9): those of a folder with the four files of
 * MNIST's format, or as many made up, each a mixture of the patterns of two classes with noise.
 */
public final class ImageTable {
  /** What there is to train on. */
  public static final int ROWS = 60_000;

  private static final int CLASSES = 10;
  private static final int PIXELS = 784;
  private static final StructType SCHEMA =
      new StructType()
          .add("id", DataTypes.LongType, false)
          .add("features", SQLDataTypes.VectorType(), false)
          .add("label", DataTypes.DoubleType, false);

  private final SparkSession spark;
  private final String folder;
  private final int partitions;

  /**
   * @param folder with {@code train-images-idx3-ubyte} and so on, gzipped or not; empty for images
   *     that are made up
   */
  public ImageTable(SparkSession spark, String folder, int partitions) {
    this.spark = spark;
    this.folder = folder;
    this.partitions = partitions;
  }

  /** The first {@code rows} images to train on. */
  public Dataset<Row> train(int rows) {
    return table("train", 0, rows);
  }

  /** The first {@code rows} images to test on. */
  public Dataset<Row> test(int rows) {
    return table("t10k", ROWS, rows);
  }

  private Dataset<Row> table(String prefix, long firstMadeUp, int rows) {
    MapPartitionsFunction<Long, Row> make;
    if (folder.isEmpty()) {
      make = ids -> rows(ids, id -> madeUp(firstMadeUp + id));
    } else {
      String images = find(prefix + "-images-idx3-ubyte");
      String labels = find(prefix + "-labels-idx1-ubyte");
      make = ids -> rows(ids, read(images, labels));
    }
    return spark.range(0, rows, 1, partitions).mapPartitions(make, Encoders.row(SCHEMA));
  }

  private String find(String name) {
    for (String ending : List.of("", ".gz")) {
      Path path = Path.of(folder, name + ending);
      if (Files.exists(path)) {
        return path.toString();
      }
    }
    throw new BenchException(
        folder
            + " holds neither "
            + name
            + " nor "
            + name
            + ".gz; --data names a folder with the"
            + " four files of MNIST's format");
  }

  private static Iterator<Row> rows(Iterator<Long> ids, LongFunction<Image> source) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return ids.hasNext();
      }

      @Override
      public Row next() {
        long id = ids.next();
        Image image = source.apply(id);
        return RowFactory.create(id, Vectors.dense(image.pixels), (double) image.label);
      }
    };
  }

  /** The images of files, which a task reads whole and keeps until its end. */
  private static LongFunction<Image> read(String imagesFile, String labelsFile) {
    Tensor images = IdxReader.read(Path.of(imagesFile));
    Tensor labels = IdxReader.read(Path.of(labelsFile));
    TaskCompletionListener close =
        task -> {
          images.close();
          labels.close();
        };
    TaskContext.get().addTaskCompletionListener(close);
    return id -> {
      try (Tensor image = images.select(0, id);
          Tensor label = labels.select(0, id)) {
        long[] values = image.toLongArray();
        double[] pixels = new double[values.length];
        for (int i = 0; i < pixels.length; i++) {
          pixels[i] = values[i] / 255.0;
        }
        return new Image(pixels, label.itemLong());
      }
    };
  }

  private static Image madeUp(long id) {
    Random random = new Random(id * 0x9E3779B97F4A7C15L);
    int label = random.nextInt(CLASSES);
    Random pattern = new Random(label);
    Random other = new Random(random.nextInt(CLASSES));
    double part = 0.45 + 0.55 * random.nextDouble();
    double[] pixels = new double[PIXELS];
    for (int i = 0; i < PIXELS; i++) {
      double mixed = part * pattern.nextDouble() + (1 - part) * other.nextDouble();
      pixels[i] = Math.min(1, Math.max(0, mixed + 0.2 * random.nextGaussian()));
    }
    return new Image(pixels, label);
  }

  /** A picture and what it shows. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Image(double[] pixels, long label) implements Serializable {}
}
