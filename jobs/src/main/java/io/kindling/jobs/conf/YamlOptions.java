package io.kindling.jobs.conf;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.kindling.jobs.JobException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.stream.Collectors;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * Options from the YAML file that {@code --config} names: a key is an option's long name without
 * its dashes, a nested value (a network) is passed as JSON. Flags win over the file, the file over
 * defaults.
 */
public final class YamlOptions implements IDefaultValueProvider {
  /** The option that names the file. */
  public static final String CONFIG = "--config";

  private static final YAMLMapper YAML =
      YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private CommandSpec read;
  private JsonNode values;

  /** Options from a file, or none if it is null. */
  private YamlOptions(Path file) {
    this.file = file;
  }

  /**
   * The options of the file that the arguments name. It has to be found before the arguments are
   * parsed, because defaults are asked for first.
   */
  public static YamlOptions of(String... arguments) {
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i].equals(CONFIG) && i + 1 < arguments.length) {
        return new YamlOptions(Path.of(arguments[i + 1]));
      }
      if (arguments[i].startsWith(CONFIG + "=")) {
        return new YamlOptions(Path.of(arguments[i].substring(CONFIG.length() + 1)));
      }
    }
    return new YamlOptions(null);
  }

  @Override
  public String defaultValue(ArgSpec argument) {
    if (file == null
        || !(argument instanceof OptionSpec option)
        || argument.command().findOption(CONFIG) == null) {
      return null;
    }
    if (argument.command() != read) {
      read = argument.command();
      values = load(read);
    }
    JsonNode value = values.get(option.longestName().substring(2));
    if (value == null || value.isNull()) {
      return null;
    }
    return value.isValueNode() ? value.asText() : json(value);
  }

  private JsonNode load(CommandSpec command) {
    JsonNode values;
    try {
      values = YAML.readTree(Files.readString(file));
    } catch (JsonProcessingException e) {
      throw new ParameterException(
          command.commandLine(),
          CONFIG
              + ": "
              + file
              + " is no valid YAML"
              + (e.getLocation() == null ? "" : " at line " + e.getLocation().getLineNr())
              + ": "
              + e.getOriginalMessage().lines().map(String::strip).collect(Collectors.joining(" ")),
          e);
    } catch (IOException e) {
      throw new ParameterException(
          command.commandLine(),
          CONFIG + ": cannot read " + file + " (" + e + "); name a file of options",
          e);
    }
    if (values == null || values.isMissingNode() || values.isNull()) {
      return JSON.createObjectNode();
    }
    if (!values.isObject()) {
      throw new ParameterException(
          command.commandLine(),
          CONFIG + ": " + file + " must hold a mapping of option names to values");
    }
    for (Iterator<String> names = values.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (command.findOption("--" + name) == null || ("--" + name).equals(CONFIG)) {
        throw new ParameterException(
            command.commandLine(),
            CONFIG
                + ": "
                + file
                + ": '"
                + name
                + "' is no option of "
                + command.qualifiedName()
                + "; known are "
                + command.options().stream()
                    .map(option -> option.longestName().substring(2))
                    .filter(known -> !known.equals("help") && !("--" + known).equals(CONFIG))
                    .sorted()
                    .collect(Collectors.joining(", ")));
      }
    }
    return values;
  }

  private static String json(JsonNode value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new JobException("cannot read a nested value of the configuration: " + value, e);
    }
  }
}
