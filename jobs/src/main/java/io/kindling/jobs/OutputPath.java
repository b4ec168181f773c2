package io.kindling.jobs;

import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** Where a job writes: looked at before the work, not after it. */
final class OutputPath {
  private OutputPath() {}

  /**
   * Checks that something can be written to a path, and that nothing is lost by it.
   *
   * @param option the option that names it
   * @param inputs what the job reads, by option, which replacing the path must not take away
   * @throws JobException if it exists and may not be replaced, holds an input, or cannot be written
   */
  static void require(
      SparkSession spark,
      String option,
      String name,
      boolean overwrite,
      Map<String, String> inputs) {
    try {
      Configuration hadoop = spark.sparkContext().hadoopConfiguration();
      FileSystem files = new Path(name).getFileSystem(hadoop);
      Path path = files.makeQualified(new Path(name));
      if (!files.exists(path)) {
        requireWritable(files, option, path);
        return;
      }
      if (!overwrite) {
        throw new JobException(
            option + ": " + name + " exists; name another path, or add --overwrite to replace it");
      }
      for (Map.Entry<String, String> input : inputs.entrySet()) {
        if (holds(path, new Path(input.getValue()), hadoop)) {
          throw new JobException(
              option
                  + ": to replace "
                  + name
                  + " would delete "
                  + input.getKey()
                  + " "
                  + input.getValue()
                  + "; name another path");
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new JobException(option + ": cannot reach '" + name + "': " + e.getMessage(), e);
    }
  }

  /** Makes the folder and takes it away again: a file system's answer in advance is a guess. */
  private static void requireWritable(FileSystem files, String option, Path path)
      throws IOException {
    Path made = path;
    for (Path parent = path.getParent(); parent != null; parent = parent.getParent()) {
      if (files.exists(parent)) {
        if (!files.getFileStatus(parent).isDirectory()) {
          throw new JobException(option + ": " + parent + " is a file, not a folder");
        }
        break;
      }
      made = parent;
    }
    String reason = "the file system refuses to make it";
    boolean writable = false;
    try {
      writable = files.mkdirs(path);
    } catch (IOException e) {
      reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
    if (!writable) {
      throw new JobException(
          option
              + ": cannot write to "
              + path
              + ": "
              + reason
              + "; name a path that you may write");
    }
    // Upwards and each only if empty, so that nothing of anybody else's goes.
    for (Path folder = path; ; folder = folder.getParent()) {
      if (files.listStatus(folder).length > 0 || !files.delete(folder, false)) {
        return;
      }
      if (folder.equals(made)) {
        return;
      }
    }
  }

  private static boolean holds(Path folder, Path input, Configuration hadoop) throws IOException {
    Path path = input.getFileSystem(hadoop).makeQualified(input);
    while (path != null && !path.equals(folder)) {
      path = path.getParent();
    }
    return path != null;
  }
}
