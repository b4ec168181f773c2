package io.kindling.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What options alone tell: it is said in one line before Spark starts, with where to read on. */
class WrongOptionsTest {
  private static final String NETWORK =
      "{\"layers\": [{\"type\": \"Linear\", \"outFeatures\": 3}]}";

  @TempDir Path folder;

  private static void refused(String message, String... arguments) {
    List<String> lines = Commands.run(2, arguments).lines().toList();
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0)).startsWith("kindling: ").contains(message);
    assertThat(lines.get(1)).matches("see 'kindling.* --help' for all options and commands");
  }

  /** A training whose master does not exist, which is the first thing that Spark would say. */
  private static void trainRefused(String message, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "train",
                "--master",
                "nowhere",
                "--data",
                "d",
                "--model",
                "m",
                "--network",
                NETWORK));
    for (int i = 0; i < more.length; i += 2) {
      int known = arguments.indexOf(more[i]);
      if (known >= 0) {
        arguments.set(known + 1, more[i + 1]);
      } else {
        arguments.addAll(List.of(more[i], more[i + 1]));
      }
    }
    refused(message, arguments.toArray(String[]::new));
  }

  @Test
  void commandsAndOptionsThatAreNone() {
    refused("no command was given; give one of quickstart, train, predict, info");
    refused("'trian' is no option or command here; did you mean train", "trian");
    refused("'--epoch' is no option or command here; did you mean --epochs", "train", "--epoch");
    refused("'--qqq' is no option or command here", "info", "--qqq");
    refused("'extra' is no option or command here", "info", "extra");
  }

  @Test
  void whatIsMissing() {
    refused("Missing required options: '--data=PATH', '--network=JSON|FILE', '--model", "train");
    refused("Missing required options: '--data=PATH', '--model=PATH', '--output", "predict");
    refused("Missing required parameter for option '--config' (FILE)", "train", "--config");
    refused("option '--epochs' (N)", "train", "--data", "d", "--epochs");
  }

  @Test
  void valuesThatAnOptionCannotHave() {
    trainRefused("'--epochs': 'many' is not an int", "--epochs", "many");
    trainRefused(
        "--epochs: maxEpochs is 0, expected a whole number of at least 1", "--epochs", "0");
    trainRefused("--batch-size: batchSize is -1, expected", "--batch-size", "-1");
    trainRefused("--workers: numWorkers is 0, expected", "--workers", "0");
    trainRefused("--learning-rate: learningRate is 0.0, expected", "--learning-rate", "0");
    trainRefused("--weight-decay: weightDecay is -1.0, expected", "--weight-decay", "-1");
    trainRefused("expected one of sgd, adam, adamw", "--optimizer", "magic");
    trainRefused("expected one of auto, cpu, cuda", "--device", "tpu");
    trainRefused("expected one of float32, bfloat16", "--precision", "float16");
    trainRefused("--input-shape: '8x8' is no list of sizes; write 1,28,28", "--input-shape", "8x8");
    trainRefused("--input-shape: inputShape is [8, 0], expected", "--input-shape", "8,0");
    trainRefused("--features: featuresCol is '', expected a column's name", "--features", "");
    trainRefused("--network: the network is no valid JSON", "--network", "{\"layers\": [");
    trainRefused("--test-fraction: expected a number from 0 up to", "--test-fraction", "1");
    trainRefused("--test-fraction: expected a number from 0 up to", "--test-fraction", "NaN");
    refused("--workers: expected a whole number of at least 1", "quickstart", "--workers", "0");
    refused("--epochs: expected a whole number of at least 1", "quickstart", "--epochs", "-1");
  }

  @Test
  void filesOfOptionsThatAreNone() throws Exception {
    configRefused("missing.yaml", null, "--config: cannot read");
    configRefused("list.yaml", "- epochs", "must hold a mapping of option names to values");
    configRefused(
        "open.yaml", "epochs: [1\nworkers: {", "is no valid YAML at line 2: while parsing");
    configRefused("twice.yaml", "epochs: 1\nepochs: 2\n", "is no valid YAML at line 2: Duplicate");
    configRefused("other.yaml", "epoch: 1\n", "'epoch' is no option of kindling train; known are");
    configRefused("value.yaml", "epochs: [1, 2]\n", "'--epochs': '[1,2]' is not an int");
    refused("--config: cannot read " + folder, "train", "--config", folder.toString());
  }

  private void configRefused(String name, String content, String message) throws Exception {
    Path file = folder.resolve(name);
    if (content != null) {
      Files.writeString(file, content);
    }
    refused(message, "train", "--config=" + file);
  }
}
