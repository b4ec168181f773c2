package io.kindling.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's first command, as a newcomer runs it. */
class QuickstartIT {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern ACCURACY = Pattern.compile("test accuracy ([0-9.]+)");

  @TempDir Path folder;

  private String run(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(ROOT.resolve("bin/kindling").toString()));
    command.addAll(List.of(arguments));
    Path log = folder.resolve("output.txt");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      assertThat(process.waitFor(8, TimeUnit.MINUTES)).as("ends").isTrue();
    } finally {
      process.destroyForcibly();
    }
    String output = Files.readString(log, StandardCharsets.UTF_8);
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }

  private static double accuracy(String output) {
    Matcher matcher = ACCURACY.matcher(output);
    assertThat(matcher.find()).as(output).isTrue();
    return Double.parseDouble(matcher.group(1));
  }

  @Test
  void digits() throws Exception {
    Path result = folder.resolve("result");
    String output = run("quickstart", "--output", result.toString());
    assertThat(accuracy(output)).isGreaterThanOrEqualTo(0.97);
    assertThat(output).contains("confusion matrix", "precision", "predicted", "100%");
    assertThat(result.resolve("model/metadata")).isDirectory();
    assertThat(result.resolve("predictions/_SUCCESS")).exists();

    // The saved pipeline works from another command, in another JVM.
    Path again = folder.resolve("again");
    String predicted =
        run(
            "predict",
            "--model",
            result.resolve("model").toString(),
            "--data",
            ROOT.resolve("examples/01-digits/digits.parquet").toString(),
            "--output",
            again.toString());
    assertThat(predicted).contains("1797 predictions written");
  }

  @Test
  void info() throws Exception {
    assertThat(run("info")).contains("Kindling", "Java", "Spark", "CPU kernels", "GPU");
  }

  /** On real Fashion-MNIST, where it lies beside the checkout. */
  @Test
  @Tag("long")
  void fashionMnist() throws Exception {
    Path data = ROOT.resolve("../shared/data/fashion-mnist");
    Assumptions.assumeTrue(Files.isDirectory(data), data + " is not there");
    String output =
        run("quickstart", "--data", data.toString(), "--output", folder.resolve("o").toString());
    assertThat(accuracy(output)).isGreaterThanOrEqualTo(0.88);
  }
}
