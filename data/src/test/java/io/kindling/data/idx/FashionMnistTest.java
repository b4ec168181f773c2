package io.kindling.data.idx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kindling.memory.OffHeap;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Fashion-MNIST's four real files. The expected sums were calculated from the same files by Python
 * (gzip and sum), without this reader. The weighted sums see the order of the bytes: the value at
 * position i counts {@code i % 251} times.
 */
class FashionMnistTest {
  private final Path folder = Path.of("..", "..", "shared", "data", "fashion-mnist");

  @BeforeEach
  void onlyWhereTheFilesAre() {
    assumeTrue(
        Files.isDirectory(folder),
        "Fashion-MNIST is not in " + folder.toAbsolutePath().normalize());
  }

  @Test
  void images() {
    try (Tensor train = IdxReader.read(folder.resolve("train-images-idx3-ubyte.gz"));
        Tensor test = IdxReader.read(folder.resolve("t10k-images-idx3-ubyte.gz"))) {
      assertThat(train.shape().toArray()).containsExactly(60_000, 28, 28);
      assertThat(test.shape().toArray()).containsExactly(10_000, 28, 28);
      assertThat(train.dtype()).isEqualTo(DType.UINT8);
      assertThat(sum(train, false)).isEqualTo(3_431_114_169L);
      assertThat(sum(test, false)).isEqualTo(573_469_082L);
      assertThat(sum(test, true)).isEqualTo(71_679_932_715L);
    }
  }

  @Test
  void labels() {
    try (Tensor train = IdxReader.read(folder.resolve("train-labels-idx1-ubyte.gz"));
        Tensor test = IdxReader.read(folder.resolve("t10k-labels-idx1-ubyte.gz"))) {
      assertThat(train.shape().toArray()).containsExactly(60_000);
      assertThat(test.shape().toArray()).containsExactly(10_000);
      assertThat(LongStream.of(train.toLongArray())).allMatch(label -> label >= 0 && label <= 9);
      assertThat(sum(train, true)).isEqualTo(33_697_695L);
      assertThat(sum(test, true)).isEqualTo(5_592_289L);
    }
  }

  private static long sum(Tensor bytes, boolean weighted) {
    long sum = 0;
    for (long i = 0; i < bytes.numel(); i++) {
      sum += (weighted ? i % 251 : 1) * (OffHeap.getByte(bytes.address() + i) & 0xff);
    }
    return sum;
  }
}
