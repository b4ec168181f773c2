package io.kindling.data.fs;

import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** A file of a Hadoop file system, which the path's scheme and the configuration choose. */
public record HadoopFile(Path path, Configuration configuration) implements DataFile {
  @Override
  public String name() {
    return path.toString();
  }

  @Override
  public long size() throws IOException {
    return path.getFileSystem(configuration).getFileStatus(path).getLen();
  }

  @Override
  public InputStream open() throws IOException {
    return path.getFileSystem(configuration).open(path);
  }
}
