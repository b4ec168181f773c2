package io.kindling.jobs;

import java.io.IOException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** Where a job writes: looked at before the work, not after it. */
final class OutputPath {
  private OutputPath() {}

  /**
   * Checks that something can be written to a path.
   *
   * @param option the option that names it
   * @throws JobException if it exists and may not be replaced, or cannot be reached
   */
  static void requireFree(SparkSession spark, String option, String name, boolean overwrite) {
    Path path = new Path(name);
    try {
      FileSystem files = path.getFileSystem(spark.sparkContext().hadoopConfiguration());
      if (!overwrite && files.exists(path)) {
        throw new JobException(
            option + ": " + name + " exists; name another path, or add --overwrite to replace it");
      }
      for (Path parent = path.getParent(); parent != null; parent = parent.getParent()) {
        if (files.exists(parent)) {
          if (!files.getFileStatus(parent).isDirectory()) {
            throw new JobException(option + ": " + parent + " is a file, not a folder");
          }
          return;
        }
      }
    } catch (IOException e) {
      throw new JobException(option + ": cannot reach " + name + ": " + e.getMessage(), e);
    }
  }
}
