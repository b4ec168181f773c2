package io.kindling.data.idx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.FormatException;
import io.kindling.backend.Backends;
import io.kindling.data.DataException;
import io.kindling.data.fs.HadoopFile;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import io.kindling.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdxReaderTest {
  @TempDir Path folder;

  static Stream<Arguments> types() {
    return Stream.of(
        Arguments.of(
            0x08,
            ByteBuffer.allocate(6).put(new byte[] {0, 1, 127, -128, -1, 7}),
            DType.UINT8,
            new double[] {0, 1, 127, 128, 255, 7}),
        Arguments.of(
            0x09,
            ByteBuffer.allocate(6).put(new byte[] {0, 1, 127, -128, -1, 7}),
            DType.INT8,
            new double[] {0, 1, 127, -128, -1, 7}),
        Arguments.of(
            0x0B,
            ByteBuffer.allocate(12)
                .putShort((short) 0x0102)
                .putShort((short) -2)
                .putShort(Short.MIN_VALUE)
                .putShort(Short.MAX_VALUE)
                .putShort((short) 0)
                .putShort((short) 300),
            DType.INT16,
            new double[] {258, -2, -32768, 32767, 0, 300}),
        Arguments.of(
            0x0C,
            ByteBuffer.allocate(24)
                .putInt(0x01020304)
                .putInt(-2)
                .putInt(Integer.MIN_VALUE)
                .putInt(Integer.MAX_VALUE)
                .putInt(0)
                .putInt(300),
            DType.INT32,
            new double[] {16909060, -2, Integer.MIN_VALUE, Integer.MAX_VALUE, 0, 300}),
        Arguments.of(
            0x0D,
            ByteBuffer.allocate(24)
                .putFloat(1.5f)
                .putFloat(-0.25f)
                .putFloat(1e30f)
                .putFloat(0)
                .putFloat(-1)
                .putFloat(3),
            DType.FLOAT32,
            new double[] {1.5, -0.25, 1e30f, 0, -1, 3}),
        Arguments.of(
            0x0E,
            ByteBuffer.allocate(48)
                .putDouble(Math.PI)
                .putDouble(-0.25)
                .putDouble(1e300)
                .putDouble(0)
                .putDouble(-1)
                .putDouble(3),
            DType.FLOAT64,
            new double[] {Math.PI, -0.25, 1e300, 0, -1, 3}));
  }

  @ParameterizedTest
  @MethodSource("types")
  void everyTypeIsReadPlainAndCompressed(
      int code, ByteBuffer elements, DType dtype, double[] values) throws IOException {
    byte[] bytes = idx(code, elements.array(), 2, 3);
    for (byte[] stored : new byte[][] {bytes, gzip(bytes)}) {
      try (Tensor tensor = IdxReader.read(write(stored))) {
        assertThat(tensor.dtype()).isEqualTo(dtype);
        assertThat(tensor.shape().toArray()).containsExactly(2, 3);
        assertThat(tensor.toDoubleArray()).containsExactly(values);
      }
    }
  }

  @Test
  void arraysLargerThanTheReadersChunkAreWhole() throws IOException {
    int count = 300_001;
    ByteBuffer elements = ByteBuffer.allocate(4 * count);
    for (int i = 0; i < count; i++) {
      elements.putInt(i * 7919);
    }
    try (Tensor tensor = IdxReader.read(write(gzip(idx(0x0C, elements.array(), count))))) {
      long[] values = tensor.toLongArray();
      for (int i = 0; i < count; i++) {
        assertThat(values[i]).isEqualTo(i * 7919);
      }
    }
  }

  @Test
  void anEmptyArrayHasItsShape() throws IOException {
    try (Tensor tensor = IdxReader.read(write(idx(0x08, new byte[0], 0, 28, 28)))) {
      assertThat(tensor.shape().toArray()).containsExactly(0, 28, 28);
    }
  }

  @Test
  void hadoopPathsAreRead() throws IOException {
    Path file = write(gzip(idx(0x08, new byte[] {3, 4}, 2)));
    HadoopFile remote =
        new HadoopFile(new org.apache.hadoop.fs.Path(file.toUri()), new Configuration(false));
    try (Tensor tensor = IdxReader.read(remote)) {
      assertThat(tensor.toLongArray()).containsExactly(3, 4);
    }
  }

  @Test
  void aMissingFileIsNamed() {
    Path missing = folder.resolve("missing");
    assertThatThrownBy(() -> IdxReader.read(missing))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(missing.toString());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyCutOfAFileIsRefused(boolean compressed) throws IOException {
    byte[] whole = idx(0x0B, new byte[40], 4, 5);
    byte[] stored = compressed ? gzip(whole) : whole;
    for (int length = 0; length < stored.length; length++) {
      Path file = write(Arrays.copyOf(stored, length));
      assertThatThrownBy(() -> IdxReader.read(file))
          .as("cut to %d bytes", length)
          .isInstanceOf(FormatException.class)
          .hasMessageContainingAll(file.toString(), "offset");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void bytesAfterTheEndAreRefused(boolean compressed) throws IOException {
    byte[] longer = Arrays.copyOf(idx(0x08, new byte[4], 4), 13);
    Path file = write(compressed ? gzip(longer) : longer);
    assertThatThrownBy(() -> IdxReader.read(file))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("offset 12");
  }

  @Test
  void headersThatLieAreRefusedBeforeAnythingIsAllocated() throws IOException {
    long before = Backends.allocator(Device.CPU).statistics().allocations();
    byte[] huge = idx(0x0E, new byte[16], Integer.MAX_VALUE, Integer.MAX_VALUE);
    byte[] large = idx(0x08, new byte[16], 1 << 30);
    byte[] overflow = idx(0x08, new byte[16], 1 << 30, 1 << 30, 1 << 30);
    byte[] zero = idx(0x08, new byte[0], 0, 1 << 30, 1 << 30, 1 << 30);
    byte[] negative = idx(0x08, new byte[16], -5);
    for (byte[] bytes : new byte[][] {huge, large, overflow, zero, negative}) {
      for (byte[] stored : new byte[][] {bytes, gzip(bytes)}) {
        Path file = write(stored);
        assertThatThrownBy(() -> IdxReader.read(file)).isInstanceOf(FormatException.class);
      }
    }
    assertThat(Backends.allocator(Device.CPU).statistics().allocations()).isEqualTo(before);
  }

  @Test
  void whatIsNoIdxFileIsRefusedWithTheReason() throws IOException {
    checkRefused(new byte[] {'P', 'A', 'R', '1', 0, 0, 0, 0}, "offset 0", "5041");
    checkRefused(idx(0x0A, new byte[1], 1), "offset 2", "0A");
    checkRefused(new byte[] {0, 0, 8, 0, 1}, "offset 3", "no dimensions");
    checkRefused(idx(0x08, new byte[3], 2), "offset 10", "claims [2]", "11");
    byte[] damaged = gzip(idx(0x08, new byte[100], 100));
    damaged[damaged.length - 6] ^= 1; // the checksum
    checkRefused(damaged, "gzip");
  }

  @Test
  void randomBytesNeverRaiseAnythingElse() throws IOException {
    Random random = new Random(7);
    byte[] good = gzip(idx(0x08, new byte[100], 10, 10));
    for (int round = 0; round < 300; round++) {
      byte[] bytes;
      if (round % 2 == 0) {
        bytes = new byte[random.nextInt(64)];
        random.nextBytes(bytes);
        if (round % 4 == 0 && bytes.length > 3) {
          bytes[0] = 0;
          bytes[1] = 0;
          bytes[2] = 8;
        }
      } else {
        bytes = good.clone();
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      }
      Path file = write(bytes);
      try {
        IdxReader.read(file).close(); // a flipped bit of gzip's header may not matter
      } catch (FormatException e) {
        assertThat(e).hasMessageContainingAll(file.toString(), "offset");
      }
    }
  }

  private void checkRefused(byte[] bytes, String... parts) throws IOException {
    Path file = write(bytes);
    assertThatThrownBy(() -> IdxReader.read(file))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContainingAll(parts);
  }

  private Path write(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("file"), bytes);
  }

  private static byte[] idx(int code, byte[] elements, int... sizes) {
    ByteBuffer file = ByteBuffer.allocate(4 + 4 * sizes.length + elements.length);
    file.put((byte) 0).put((byte) 0).put((byte) code).put((byte) sizes.length);
    for (int size : sizes) {
      file.putInt(size);
    }
    return file.put(elements).array();
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream stream = new GZIPOutputStream(compressed)) {
      stream.write(bytes);
    }
    return compressed.toByteArray();
  }
}
