package io.kindling.op.random;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindling.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PhiloxTest {
  /** Counter, key and result as Random123 publishes them for ten rounds. */
  @ParameterizedTest
  @CsvSource({
    "00000000 00000000 00000000 00000000 00000000 00000000 6627e8d5 e169c58d bc57ac4c 9b00dbd8",
    "ffffffff ffffffff ffffffff ffffffff ffffffff ffffffff 408f276d 41c83b0e a20bc7c6 6d5451fd",
    "243f6a88 85a308d3 13198a2e 03707344 a4093822 299f31d0 d16cfe09 94fdcceb 5001e420 24126ea1"
  })
  void agreesWithThePublishedAnswers(String row) {
    check(row.split(" "));
  }

  @Test
  void agreesWithRandom123sOwnFile() throws IOException {
    Path vectors = SharedData.folder("rng-reference").resolve("random123_kat_vectors");
    List<String> rows =
        Files.readAllLines(vectors).stream().filter(l -> l.startsWith("philox4x32 10 ")).toList();
    assertThat(rows).isNotEmpty();
    for (String row : rows) {
      check(row.substring("philox4x32 10 ".length()).split(" +"));
    }
  }

  private static void check(String[] words) {
    int[] counter = new int[4];
    int[] expected = new int[4];
    for (int i = 0; i < 4; i++) {
      counter[i] = Integer.parseUnsignedInt(words[i], 16);
      expected[i] = Integer.parseUnsignedInt(words[6 + i], 16);
    }
    long key = Long.parseLong(words[4], 16) | Long.parseLong(words[5], 16) << 32;
    Philox.block(counter, key);
    assertThat(counter).isEqualTo(expected);
  }

  @Test
  void manyBlocksAreThoseOneByOne() {
    for (long seed : new long[] {0, -1, 0x123456789abcdefL}) {
      for (long position : new long[] {0, 0xfffffff0L, -300, Long.MAX_VALUE - 5}) {
        for (int count : new int[] {1, 7, 300}) {
          int[] words = new int[4 * count];
          Philox.fill(seed, position, new long[4][count], words, count);
          for (int i = 0; i < count; i++) {
            int[] block = new int[4];
            Philox.at(seed, position + i, block);
            assertThat(Arrays.copyOfRange(words, 4 * i, 4 * i + 4)).isEqualTo(block);
          }
        }
      }
    }
  }
}
