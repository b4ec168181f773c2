package io.kindling.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextReportsTest {
  @Test
  void imagesAreDrawnFromLightToDark() {
    double[] pixels = {0, 16, 8, 0};
    assertThat(TextImage.lines(pixels, 2, 2, 16)).containsExactly("  @@", "++  ");
  }

  @Test
  void picturesStandBesideEachOtherUnderTheirCaptions() {
    assertThat(TextImage.beside(List.of(List.of("ab", "cd"), List.of("ef")), List.of("one", "two")))
        .containsExactly("one   two", "ab    ef", "cd");
  }

  private static String shown(boolean terminal, int steps) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    TerminalProgress progress =
        new TerminalProgress(new PrintStream(bytes, true, StandardCharsets.UTF_8), terminal);
    for (int step = 1; step <= steps; step++) {
      progress.show(1, 1, step, steps, 1000, 0.5);
    }
    progress.finish();
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void elsewhereThanOnATerminalThereAreFewPlainLines() {
    List<String> lines = shown(false, 1000).lines().toList();
    assertThat(lines).hasSize(11);
    assertThat(lines.get(10)).contains("100%", "epoch 1/1", "step loss 0.5000", "1,000 rows/s");
  }

  @Test
  void onATerminalOneLineIsRedrawn() {
    String text = shown(true, 10);
    assertThat(text).startsWith("\r[###").endsWith(System.lineSeparator());
    assertThat(text.lines().filter(line -> !line.isEmpty())).allMatch(line -> line.contains("%"));
    assertThat(text).contains("[##############################] 100%");
  }
}
