package io.kindling.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedFileTest {
  @Test
  void partsOfAFileAreReadAtTheirAddress(@TempDir Path folder) throws IOException {
    byte[] bytes = new byte[10_000];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31);
    }
    Path file = Files.write(folder.resolve("file"), bytes);
    MappedFile part;
    try (FileChannel channel = FileChannel.open(file)) {
      part = MappedFile.map(channel, 4099, 5000);
    }
    assertThat(part.bytes()).isEqualTo(5000);
    byte[] read = new byte[5000];
    OffHeap.copyTo(part.address(), read, 0, 5000);
    for (int i = 0; i < read.length; i++) {
      assertThat(read[i]).isEqualTo(bytes[4099 + i]);
    }
    part.close();
    part.close();
  }
}
