package io.kindling.jobs;

import io.kindling.data.fs.HadoopFile;
import io.kindling.data.idx.IdxReader;
import io.kindling.tensor.Tensor;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Images and labels in MNIST's IDX files as a table: {@code id}, {@code pixels} and {@code label}.
 */
final class IdxTable {
  private IdxTable() {}

  /** A row of the table. */
  public static final class Image {
    private long id;
    private short[] pixels;
    private int label;

    public long getId() {
      return id;
    }

    public void setId(long id) {
      this.id = id;
    }

    public short[] getPixels() {
      return pixels;
    }

    public void setPixels(short[] pixels) {
      this.pixels = pixels;
    }

    public int getLabel() {
      return label;
    }

    public void setLabel(int label) {
      this.label = label;
    }
  }

  /**
   * Reads {@code PREFIX-images-idx3-ubyte} and {@code PREFIX-labels-idx1-ubyte}, gzipped or not.
   *
   * @param folder a folder on any Hadoop file system
   * @param prefix {@code train} or {@code t10k}
   */
  static Dataset<Row> read(SparkSession spark, String folder, String prefix, int partitions)
      throws IOException {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    String images = find(folder, prefix + "-images-idx3-ubyte", hadoop).toString();
    String labels = find(folder, prefix + "-labels-idx1-ubyte", hadoop).toString();
    long count;
    try (Tensor all = IdxReader.read(new HadoopFile(new Path(labels), hadoop))) {
      count = all.numel();
    }
    SerializableConfiguration shipped = new SerializableConfiguration(hadoop);
    // Each task reads the whole file, since gzip cannot be entered in the middle, and keeps it
    // off-heap.
    MapPartitionsFunction<Long, Image> rows =
        ids -> images(ids, images, labels, count, shipped.value());
    return spark
        .range(0, count, 1, partitions)
        .mapPartitions(rows, Encoders.bean(Image.class))
        .select("id", "pixels", "label");
  }

  private static Iterator<Image> images(
      Iterator<Long> ids, String imagesPath, String labelsPath, long count, Configuration hadoop) {
    Tensor images = IdxReader.read(new HadoopFile(new Path(imagesPath), hadoop));
    closeWithTask(images);
    Tensor labels = IdxReader.read(new HadoopFile(new Path(labelsPath), hadoop));
    closeWithTask(labels);
    if (images.dim() != 3 || labels.dim() != 1 || images.size(0) != count) {
      throw new JobException(
          imagesPath
              + " holds "
              + images.shape()
              + " and "
              + labelsPath
              + " "
              + labels.shape()
              + "; expected (N, height, width) images and N labels");
    }
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return ids.hasNext();
      }

      @Override
      public Image next() {
        return image(ids.next(), images, labels);
      }
    };
  }

  private static void closeWithTask(Tensor tensor) {
    TaskCompletionListener close = task -> tensor.close();
    TaskContext.get().addTaskCompletionListener(close);
  }

  private static Image image(long id, Tensor images, Tensor labels) {
    Image image = new Image();
    image.setId(id);
    try (Tensor pixels = images.select(0, id);
        Tensor label = labels.select(0, id)) {
      long[] values = pixels.toLongArray();
      short[] shorts = new short[values.length];
      for (int i = 0; i < values.length; i++) {
        shorts[i] = (short) values[i];
      }
      image.setPixels(shorts);
      image.setLabel((int) label.itemLong());
    }
    return image;
  }

  private static Path find(String folder, String name, Configuration hadoop) throws IOException {
    for (String ending : List.of("", ".gz")) {
      Path path = new Path(folder, name + ending);
      if (path.getFileSystem(hadoop).exists(path)) {
        return path;
      }
    }
    throw new JobException(
        "--data: "
            + folder
            + " holds neither "
            + name
            + " nor "
            + name
            + ".gz; expected the four files"
            + " of MNIST's format");
  }
}
