package io.kindling.data.idx;

import io.kindling.FormatException;
import io.kindling.data.DataException;
import io.kindling.data.fs.DataFile;
import io.kindling.data.fs.LocalFile;
import io.kindling.memory.OffHeap;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * Reads IDX files, plain or compressed with gzip (recognised by its first bytes, not by a name).
 *
 * <pre>
 * bytes 0-1   zero
 * byte  2     element type: 08 uint8, 09 int8, 0B int16, 0C int32, 0D float32, 0E float64
 * byte  3     number of dimensions
 * then        one 32-bit size a dimension, then the elements in row-major order; all big-endian
 * </pre>
 *
 * <p>A file is input that may lie: what its header claims is compared with what the file can hold
 * before any memory is allocated, and a file that is too short, too long or no IDX file at all
 * raises a {@link FormatException} with the file, the offset and the reason.
 *
 * <p>Source of the format: the description on the MNIST database's page, LeCun, Cortes and Burges.
 */
public final class IdxReader {
  /** Deflate cannot compress better: a back-reference of 258 bytes takes at least two bits. */
  private static final long GZIP_MOST_BYTES_PER_BYTE = 1032;

  private static final int CHUNK = 64 * 1024;

  private IdxReader() {}

  /** As {@link #read(DataFile)}. */
  public static Tensor read(Path path) {
    return read(new LocalFile(path));
  }

  /**
   * The file's array as a tensor of its own type and shape: MNIST's images are {@code (N, 28, 28)}
   * and its labels {@code (N)}, both uint8. It belongs to the current scope.
   *
   * @throws FormatException if the file is not a whole IDX file
   * @throws DataException if it cannot be opened or read
   */
  public static Tensor read(DataFile file) {
    try (IdxInput input = IdxInput.open(file)) {
      int magic = input.readInt("the header");
      DType dtype = dtype(input, magic);
      Shape shape = readShape(input, magic & 0xff);
      checkSize(input, dtype, shape);
      Tensor tensor = Tensor.empty(shape, dtype, Device.CPU);
      try {
        readElements(input, tensor);
        input.expectEnd();
        return tensor;
      } catch (IOException | RuntimeException | Error e) {
        tensor.close();
        throw e;
      }
    } catch (IOException e) {
      throw new DataException("cannot read " + file.name() + ": " + e.getMessage(), e);
    }
  }

  private static DType dtype(IdxInput input, int magic) {
    if (magic >>> 16 != 0) {
      throw input.wrong(
          0, "an IDX file starts with two zero bytes, this one with " + hex(magic >>> 16, 4));
    }
    int code = magic >>> 8 & 0xff;
    return switch (code) {
      case 0x08 -> DType.UINT8;
      case 0x09 -> DType.INT8;
      case 0x0B -> DType.INT16;
      case 0x0C -> DType.INT32;
      case 0x0D -> DType.FLOAT32;
      case 0x0E -> DType.FLOAT64;
      default ->
          throw input.wrong(
              2, "there is no element type " + hex(code, 2) + "; IDX has 08, 09, 0B, 0C, 0D, 0E");
    };
  }

  private static Shape readShape(IdxInput input, int rank) throws IOException {
    if (rank == 0) {
      throw input.wrong(3, "the array has no dimensions");
    }
    long[] sizes = new long[rank];
    long elements = 1;
    for (int i = 0; i < rank; i++) {
      int size = input.readInt("the size of dimension " + i + " of " + rank);
      if (size < 0) {
        throw input.wrong(4 + 4L * i, "dimension " + i + " has size " + size + ", below zero");
      }
      sizes[i] = size;
      if (size > 0 && elements > Long.MAX_VALUE / 8 / size) {
        throw input.wrong(4 + 4L * i, "the sizes up to dimension " + i + " exceed any memory");
      }
      elements *= Math.max(size, 1);
    }
    return Shape.of(sizes);
  }

  private static void checkSize(IdxInput input, DType dtype, Shape shape) throws IOException {
    long claimed = input.offset() + shape.numel() * dtype.bytes();
    String claim = "its header claims " + shape + " of " + dtype + ", " + claimed + " bytes in all";
    if (input.isCompressed()) {
      if (claimed / GZIP_MOST_BYTES_PER_BYTE > input.storedBytes()) {
        throw input.wrong(
            4, claim + ", more than " + input.storedBytes() + " compressed bytes can hold");
      }
    } else if (claimed != input.storedBytes()) {
      throw input.wrong(
          Math.min(claimed, input.storedBytes()),
          claim + ", and the file has " + input.storedBytes());
    }
  }

  private static void readElements(IdxInput input, Tensor tensor) throws IOException {
    int width = tensor.dtype().bytes();
    byte[] chunk = new byte[CHUNK];
    long target = tensor.address();
    long left = tensor.numel() * width;
    while (left > 0) {
      int bytes = (int) Math.min(left, CHUNK);
      input.readFully(chunk, bytes, "the elements, of which " + left + " bytes are missing");
      toNativeOrder(chunk, bytes, width);
      OffHeap.copyFrom(chunk, 0, target, bytes);
      target += bytes;
      left -= bytes;
    }
  }

  /** Turns each element's bytes around where the machine's order is not the file's. */
  private static void toNativeOrder(byte[] chunk, int bytes, int width) {
    if (width == 1 || ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN) {
      return;
    }
    for (int start = 0; start < bytes; start += width) {
      for (int low = start, high = start + width - 1; low < high; low++, high--) {
        byte swapped = chunk[low];
        chunk[low] = chunk[high];
        chunk[high] = swapped;
      }
    }
  }

  private static String hex(int value, int digits) {
    return String.format("%0" + digits + "X", value);
  }
}
