package io.kindling.jobs.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

class YamlOptionsTest {
  @Command(name = "job")
  static final class Example {
    @Option(names = YamlOptions.CONFIG)
    Path config;

    @Mixin NetworkOptions network;
  }

  @TempDir Path folder;

  private NetworkOptions parse(String yaml, String... flags) throws Exception {
    Path file = Files.writeString(folder.resolve("job.yaml"), yaml);
    String[] arguments = new String[flags.length + 2];
    arguments[0] = YamlOptions.CONFIG;
    arguments[1] = file.toString();
    System.arraycopy(flags, 0, arguments, 2, flags.length);
    Example example = new Example();
    new CommandLine(example)
        .setDefaultValueProvider(YamlOptions.of(arguments))
        .parseArgs(arguments);
    return example.network;
  }

  @Test
  void theFileGivesValuesFlagsWinAndDefaultsFillIn() throws Exception {
    NetworkOptions options =
        parse(
            """
            network: {layers: [{type: Linear, outFeatures: 3}]}
            epochs: 7
            learning-rate: 0.5
            input-shape: [1, 8, 8]
            """,
            "--epochs",
            "9");
    assertThat(options.epochs).isEqualTo(9);
    assertThat(options.learningRate).isEqualTo(0.5);
    assertThat(options.batchSize).isEqualTo(64);
    assertThat(options.inputShape).isEqualTo("[1,8,8]");
    assertThat(options.network).isEqualTo("{\"layers\":[{\"type\":\"Linear\",\"outFeatures\":3}]}");
  }

  @Test
  void anUnknownKeyIsNamedWithTheKnownOnes() {
    assertThatThrownBy(() -> parse("network: '{}'\nlearning_rate: 1\n"))
        .isInstanceOf(CommandLine.ParameterException.class)
        .hasMessageContaining("learning_rate")
        .hasMessageContaining("learning-rate");
  }

  @Test
  void aFileThatIsNoMappingIsRefused() {
    assertThatThrownBy(() -> parse("- a\n- b\n"))
        .isInstanceOf(CommandLine.ParameterException.class)
        .hasMessageContaining("mapping");
  }

  @Test
  void aWrongValueIsReportedByItsOption() {
    assertThatThrownBy(() -> parse("network: '{}'\nepochs: many\n"))
        .isInstanceOf(CommandLine.ParameterException.class)
        .hasMessageContaining("--epochs")
        .hasMessageContaining("many");
  }
}
