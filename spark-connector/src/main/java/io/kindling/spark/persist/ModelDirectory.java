package io.kindling.spark.persist;

import io.kindling.FormatException;
import io.kindling.KindlingException;
import java.io.FileNotFoundException;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The files of a saved model beside its metadata. */
final class ModelDirectory {
  static final String NETWORK = "network.json";
  static final String WEIGHTS = "weights.safetensors";

  /** A network's description is text that a person writes; more is another file. */
  static final long MAX_NETWORK_BYTES = 64L << 20;

  /** What a Java array holds. */
  static final long MAX_WEIGHTS_BYTES = Integer.MAX_VALUE - 16L;

  private final Path directory;
  private final Configuration configuration;

  ModelDirectory(String directory, Configuration configuration) {
    this.directory = new Path(directory);
    this.configuration = configuration;
  }

  /** The full name of a file, for messages. */
  String name(String file) {
    return new Path(directory, file).toString();
  }

  void write(String file, byte[] bytes) {
    Path path = new Path(directory, file);
    try {
      FileSystem system = path.getFileSystem(configuration);
      try (FSDataOutputStream out = system.create(path, true)) {
        out.write(bytes);
      }
    } catch (IOException e) {
      throw new KindlingException(
          "cannot write " + path + ": " + e.getMessage() + "; choose another place to save to", e);
    }
  }

  /**
   * A whole file.
   *
   * @throws FormatException if it is missing, empty or longer than {@code limit}
   */
  byte[] read(String file, long limit) {
    Path path = new Path(directory, file);
    try {
      FileSystem system = path.getFileSystem(configuration);
      long length = system.getFileStatus(path).getLen();
      if (length == 0 || length > limit) {
        throw new FormatException(
            path + " has " + length + " bytes, expected 1 to " + limit + "; save the model again");
      }
      byte[] bytes = new byte[(int) length];
      try (FSDataInputStream in = system.open(path)) {
        in.readFully(bytes);
      }
      return bytes;
    } catch (FileNotFoundException e) {
      throw new FormatException(
          path + " is missing; a saved model holds " + NETWORK + " and " + WEIGHTS, e);
    } catch (IOException e) {
      throw new FormatException(
          path
              + " cannot be read: "
              + e.getMessage()
              + "; if it is damaged, copy or save the model again",
          e);
    }
  }
}
