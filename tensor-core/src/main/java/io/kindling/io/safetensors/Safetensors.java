package io.kindling.io.safetensors;

import io.kindling.FormatException;
import io.kindling.autograd.Autograd;
import io.kindling.memory.OffHeap;
import io.kindling.memory.Scope;
import io.kindling.tensor.Device;
import io.kindling.tensor.Tensor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads and writes safetensors files.
 *
 * <pre>{@code
 * Safetensors.write(network.stateDict(), Map.of("format", "pt"), out);
 * try (SafetensorsFile file = Safetensors.read(path)) {
 *   network.loadStateDict(file.tensors());
 * }
 * }</pre>
 *
 * <p>Files are byte for byte what the reference implementation writes for the same tensors and
 * metadata of at most one entry (it orders several at random, Kindling by name).
 */
public final class Safetensors {
  private static final int CHUNK = 1 << 16;

  private Safetensors() {}

  /**
   * Writes tensors of any layout, largest elements first and then by name, so that each is aligned.
   * Does not close the stream.
   *
   * @param metadata free text; may be empty
   */
  public static void write(
      Map<String, Tensor> tensors, Map<String, String> metadata, OutputStream out)
      throws IOException {
    List<Map.Entry<String, Tensor>> order = new ArrayList<>(tensors.entrySet());
    order.sort(
        Comparator.comparing(
                (Map.Entry<String, Tensor> e) -> SafetensorsType.of(e.getValue().dtype()))
            .thenComparing(Map.Entry::getKey));
    Map<String, Header.Entry> entries = new LinkedHashMap<>();
    long at = 0;
    for (Map.Entry<String, Tensor> named : order) {
      if (named.getKey().equals(Header.METADATA)) {
        throw new FormatException(
            "safetensors: no tensor may be called " + Header.METADATA + "; rename it");
      }
      Tensor tensor = named.getValue();
      long end = at + tensor.numel() * tensor.dtype().bytes();
      SafetensorsType type = SafetensorsType.of(tensor.dtype());
      entries.put(named.getKey(), new Header.Entry(type, tensor.shape(), at, end));
      at = end;
    }
    out.write(new Header(entries, new TreeMap<>(metadata)).toBytes());
    byte[] chunk = new byte[CHUNK];
    for (Map.Entry<String, Tensor> named : order) {
      writeValues(named.getValue(), chunk, out);
    }
  }

  private static void writeValues(Tensor tensor, byte[] chunk, OutputStream out)
      throws IOException {
    try (Scope scope = Scope.open();
        var off = Autograd.noGrad()) {
      Tensor dense = tensor.to(Device.CPU).contiguous();
      long bytes = dense.numel() * dense.dtype().bytes();
      for (long done = 0; done < bytes; done += CHUNK) {
        int count = (int) Math.min(CHUNK, bytes - done);
        OffHeap.copyTo(dense.address() + done, chunk, 0, count);
        out.write(chunk, 0, count);
      }
    }
  }

  /** Reads a whole file. */
  public static SafetensorsFile read(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return read(in, Files.size(path), path.toString());
    }
  }

  /**
   * Reads a file's bytes.
   *
   * @param name what errors call the file
   */
  public static SafetensorsFile read(byte[] bytes, String name) {
    try {
      return read(new ByteArrayInputStream(bytes), bytes.length, name);
    } catch (IOException e) {
      throw new IllegalStateException("reading from memory failed", e);
    }
  }

  /**
   * Reads a file from a stream, which it does not close.
   *
   * @param length how many bytes the file has; no more than this is ever allocated
   * @param name what errors call the file
   * @throws FormatException if the bytes break the format's rules; nothing is left allocated
   */
  public static SafetensorsFile read(InputStream in, long length, String name) throws IOException {
    byte[] json = headerBytes(in, length, name);
    Header header = Header.parse(json, name);
    long start = Header.PREFIX + json.length;
    if (start + header.dataBytes() != length) {
      throw new FormatException(
          name,
          start,
          "the header describes "
              + header.dataBytes()
              + " bytes of values, the file has "
              + (length - start)
              + " left");
    }
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    SafetensorsFile file = new SafetensorsFile(name, tensors, header.metadata());
    boolean whole = false;
    try {
      byte[] chunk = new byte[(int) Math.min(CHUNK, header.dataBytes())];
      for (Map.Entry<String, Header.Entry> named : header.tensors().entrySet()) {
        Header.Entry entry = named.getValue();
        Tensor tensor = Tensor.empty(entry.shape(), entry.type().dtype(), Device.CPU);
        tensors.put(named.getKey(), Scope.detach(tensor));
        readValues(in, tensor.address(), entry.bytes(), chunk, start + entry.begin(), name);
      }
      whole = true;
      return file;
    } finally {
      if (!whole) {
        file.close();
      }
    }
  }

  /** The header's bytes, once its length and the file's have been found to agree. */
  private static byte[] headerBytes(InputStream in, long length, String name) throws IOException {
    byte[] prefix = in.readNBytes(Header.PREFIX);
    if (length < Header.PREFIX || prefix.length < Header.PREFIX) {
      throw new FormatException(
          name, prefix.length, "the file ends inside the 8 bytes that give the header's length");
    }
    long bytes = 0;
    for (int i = Header.PREFIX - 1; i >= 0; i--) {
      bytes = bytes << 8 | prefix[i] & 0xff;
    }
    if (bytes < 0 || bytes > Header.MAX_BYTES || bytes > length - Header.PREFIX) {
      throw new FormatException(
          name,
          0,
          "a header of "
              + Long.toUnsignedString(bytes)
              + " bytes is claimed; the file has "
              + (length - Header.PREFIX)
              + " left and the format allows "
              + Header.MAX_BYTES);
    }
    byte[] json = in.readNBytes((int) bytes);
    if (json.length < bytes) {
      throw new FormatException(name, Header.PREFIX + json.length, "the file ends in the header");
    }
    return json;
  }

  private static void readValues(
      InputStream in, long address, long bytes, byte[] chunk, long offset, String name)
      throws IOException {
    for (long done = 0; done < bytes; ) {
      int wanted = (int) Math.min(chunk.length, bytes - done);
      int count = in.readNBytes(chunk, 0, wanted);
      if (count < wanted) {
        throw new FormatException(
            name, offset + done + count, "the file ends inside a tensor's values");
      }
      OffHeap.copyFrom(chunk, 0, address + done, count);
      done += count;
    }
  }
}
