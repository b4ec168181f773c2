package io.kindling.data.fs;

import java.io.IOException;
import java.io.InputStream;

/** A file that can be read from its start, any number of times. */
public interface DataFile {
  /** What messages call the file: its path. */
  String name();

  /** The file's length in bytes, as stored. */
  long size() throws IOException;

  /** Its bytes from the first on; the caller closes the stream. */
  InputStream open() throws IOException;
}
