package io.kindling.data.idx;

import io.kindling.FormatException;
import io.kindling.data.fs.DataFile;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** The bytes of an IDX file, uncompressed, with the offset that messages name. */
final class IdxInput implements AutoCloseable {
  private static final int BUFFER = 64 * 1024;

  private final DataFile file;
  private final InputStream stream;
  private final long storedBytes;
  private final boolean compressed;
  private long offset;

  private IdxInput(DataFile file, InputStream stream, long storedBytes, boolean compressed) {
    this.file = file;
    this.stream = stream;
    this.storedBytes = storedBytes;
    this.compressed = compressed;
  }

  static IdxInput open(DataFile file) throws IOException {
    long size = file.size();
    InputStream raw = new BufferedInputStream(file.open(), BUFFER);
    try {
      raw.mark(2);
      boolean compressed = raw.read() == 0x1f && raw.read() == 0x8b;
      raw.reset();
      InputStream stream = raw;
      if (compressed) {
        try {
          stream = new GZIPInputStream(raw, BUFFER);
        } catch (EOFException | ZipException e) {
          throw damaged(file, 0, e);
        }
      }
      return new IdxInput(file, stream, size, compressed);
    } catch (IOException | RuntimeException e) {
      raw.close();
      throw e;
    }
  }

  /** How many uncompressed bytes were read so far. */
  long offset() {
    return offset;
  }

  long storedBytes() {
    return storedBytes;
  }

  boolean isCompressed() {
    return compressed;
  }

  int readInt(String what) throws IOException {
    byte[] bytes = new byte[4];
    readFully(bytes, 4, what);
    return bytes[0] << 24 | (bytes[1] & 0xff) << 16 | (bytes[2] & 0xff) << 8 | (bytes[3] & 0xff);
  }

  void readFully(byte[] target, int count, String what) throws IOException {
    int done = 0;
    while (done < count) {
      int read = read(target, done, count - done);
      if (read < 0) {
        throw wrong(offset, "the file ends in " + what);
      }
      done += read;
      offset += read;
    }
  }

  /** Fails if there is anything left. For gzip this also checks the sum over all bytes. */
  void expectEnd() throws IOException {
    if (read(new byte[1], 0, 1) >= 0) {
      throw wrong(offset, "there are bytes after the last element");
    }
  }

  FormatException wrong(long at, String reason) {
    return new FormatException(
        file.name() + ", " + (compressed ? "uncompressed " : "") + "offset " + at + ": " + reason);
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }

  private int read(byte[] target, int from, int count) throws IOException {
    try {
      return stream.read(target, from, count);
    } catch (EOFException | ZipException e) {
      throw damaged(file, offset, e);
    }
  }

  private static FormatException damaged(DataFile file, long offset, IOException cause) {
    return new FormatException(
        file.name()
            + ", uncompressed offset "
            + offset
            + ": the gzip data is cut off or damaged ("
            + cause.getMessage()
            + ")",
        cause);
  }
}
