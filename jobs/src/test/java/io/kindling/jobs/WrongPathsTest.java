package io.kindling.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Paths, tables and columns that are not what a job needs: one line, before any row is learned. */
class WrongPathsTest {
  private static final String DIGITS =
      Path.of("../examples/01-digits/digits.parquet").toAbsolutePath().normalize().toString();

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void writeFile() throws Exception {
    file = Files.writeString(folder.resolve("file.txt"), "text");
  }

  private static void refused(String message, List<String> arguments) {
    String text = Commands.run(1, arguments.toArray(String[]::new));
    assertThat(text.lines()).hasSize(1);
    assertThat(text).startsWith("kindling: ").contains(message);
  }

  private void trainRefused(String message, String... more) {
    List<String> arguments = new ArrayList<>(List.of("train"));
    List<String> given = List.of(more);
    addUnless(given, arguments, "--data", DIGITS);
    addUnless(given, arguments, "--model", folder.resolve("model").toString());
    addUnless(
        given,
        arguments,
        "--network",
        "{\"layers\": [{\"type\": \"Linear\", \"outFeatures\": 10}]}");
    addUnless(
        given,
        arguments,
        "--select",
        "select *, cast(pixels as array<float>) as features from data");
    arguments.addAll(given);
    refused(message, arguments);
    assertThat(folder.resolve("model")).doesNotExist();
  }

  private static void addUnless(
      List<String> given, List<String> arguments, String option, String value) {
    if (!given.contains(option)) {
      arguments.addAll(List.of(option, value));
    }
  }

  @Test
  void placesThatCannotBeWritten() throws Exception {
    trainRefused("--model: " + folder + " exists; name another", "--model", folder.toString());
    trainRefused("is a file, not a folder", "--model", file + "/a/b");
    trainRefused("--model: cannot reach 'nosuch://x/m'", "--model", "nosuch://x/m");
    trainRefused("--model: cannot reach ''", "--model", "");
    if (Files.isDirectory(Path.of("/proc"))) {
      trainRefused("--model: cannot write to file:/proc/none/m", "--model", "/proc/none/m");
    }
    refused(
        "--output: " + folder + " exists",
        List.of("predict", "--data", DIGITS, "--model", "m", "--output", folder.toString()));
  }

  @Test
  void whatAJobReadsIsNotReplaced() throws Exception {
    Path data = Files.createDirectories(folder.resolve("data"));
    Files.copy(Path.of(DIGITS), data.resolve("digits.parquet"));
    for (Path taken : List.of(data, folder)) {
      String text =
          Commands.run(
              1,
              "train",
              "--overwrite",
              "--data",
              data.toString(),
              "--network",
              "{\"layers\": [{\"type\": \"Linear\", \"outFeatures\": 10}]}",
              "--model",
              taken.toString());
      assertThat(text).contains("to replace " + taken + " would delete --data " + data);
    }
    assertThat(data.resolve("digits.parquet")).exists();
  }

  @Test
  void aCheckedPlaceIsAsItWas() {
    trainRefused("--data: cannot read", "--data", "/none", "--model", folder + "/new/path/model");
    assertThat(folder.resolve("new")).doesNotExist();
  }

  @Test
  void whatCannotBeRead() {
    trainRefused("--data: cannot read /none as parquet: AnalysisException", "--data", "/none");
    trainRefused(file + " is not a Parquet file", "--data", file.toString());
    trainRefused("--format: Spark knows no 'parkett' here; use parquet", "--format", "parkett");
    trainRefused("--select: select x from data: ", "--select", "select x from data");
    trainRefused("Syntax error at or near 'selec'", "--select", "selec x");
    trainRefused("--network: 'net.json' is neither JSON nor a file", "--network", "net.json");
    trainRefused("--network: the network is no valid JSON", "--network", file.toString());
    trainRefused("--master: cannot start Spark on nowhere", "--master", "nowhere");
  }

  @Test
  void columnsThatDoNotFit() {
    trainRefused("featuresCol 'x' is not among the columns id, pixels, label", "--features", "x");
    trainRefused("labelCol 'x' is not among the columns", "--label", "x");
    trainRefused("batchSize 2 leaves some of the 3", "--workers", "3", "--batch-size", "2");
    trainRefused(
        "does not take rows of shape [8]",
        "--network",
        "{\"layers\": [{\"type\": \"Conv2d\", \"outChannels\": 2, \"kernelSize\": 3}]}",
        "--input-shape",
        "8");
  }

  @Test
  void placesWithoutAModel() throws Exception {
    List<String> predict =
        List.of("predict", "--data", DIGITS, "--output", folder + "/o", "--model");
    for (String none : List.of(folder + "/none", file.toString(), folder.toString())) {
      List<String> arguments = new ArrayList<>(predict);
      arguments.add(none);
      refused("--model: " + none + " holds no saved model", arguments);
    }
    refused(
        "holds neither train-images-idx3-ubyte",
        List.of("quickstart", "--data", file.toString(), "--output", folder + "/q"));
  }

  /** What only the rows tell comes from a task, and is one line too. */
  @Test
  void rowsThatDoNotFit() {
    trainRefused(
        "column 'label'",
        "--network",
        "{\"layers\": [{\"type\": \"Linear\", \"outFeatures\": 3}]}");
  }
}
