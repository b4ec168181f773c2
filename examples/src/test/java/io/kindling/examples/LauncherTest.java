package io.kindling.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code bin/kindling} says of the Java that it finds, before it builds or starts anything.
 */
class LauncherTest {
  private static final Path KINDLING = Path.of("../bin/kindling").toAbsolutePath().normalize();

  @TempDir Path folder;

  /** All commands of the shell that the launcher needs so far, and no Java. */
  private Path commands;

  @BeforeEach
  void linkCommands() throws Exception {
    commands = Files.createDirectory(folder.resolve("commands"));
    for (String name : List.of("bash", "dirname", "readlink", "sed")) {
      Files.createSymbolicLink(commands.resolve(name), find(name));
    }
  }

  private static Path find(String command) {
    for (String place : System.getenv("PATH").split(":")) {
      if (Files.isExecutable(Path.of(place, command))) {
        return Path.of(place, command);
      }
    }
    throw new IllegalStateException(command + " is not on the PATH");
  }

  /** What the launcher prints when it ends without a job. */
  private String refused(Path launcher, Path javaHome) throws Exception {
    List<String> command = new ArrayList<>(List.of(launcher.toString(), "info"));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().put("PATH", commands.toString());
    if (javaHome != null) {
      builder.environment().put("JAVA_HOME", javaHome.toString());
    }
    Process process = builder.start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(text).isEqualTo(1);
    assertThat(text.lines()).hasSize(1);
    return text;
  }

  /** A Java of another version, as far as the launcher looks at it. */
  private Path javaThatPrints(String text, int code) throws Exception {
    Path java = Files.createDirectories(folder.resolve("jdk/bin")).resolve("java");
    Files.writeString(java, "#!/usr/bin/env bash\necho '" + text + "' >&2\nexit " + code + "\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
    return folder.resolve("jdk");
  }

  @Test
  void noJava() throws Exception {
    assertThat(refused(KINDLING, null))
        .startsWith("kindling: no Java found; install a JDK 17 or 21");
    assertThat(refused(KINDLING, folder))
        .startsWith("kindling: JAVA_HOME is " + folder + ", which has no bin/java; set it to");
  }

  @Test
  void javaOfAnotherVersion() throws Exception {
    assertThat(refused(KINDLING, javaThatPrints("    java.specification.version = 1.8", 0)))
        .startsWith("kindling: Java 1.8 is too old; use a JDK 17 or 21");
    assertThat(refused(KINDLING, javaThatPrints("    java.specification.version = 25", 0)))
        .startsWith("kindling: Spark 4.1 does not run on Java 25; set JAVA_HOME to a JDK 17 or 21");
    assertThat(refused(KINDLING, javaThatPrints("Segmentation fault", 139)))
        .contains("does not start, or does not say which Java it is; set JAVA_HOME");
  }

  @Test
  void aLinkToTheLauncherIsFollowed() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("kindling"), KINDLING);
    assertThat(refused(link, null)).startsWith("kindling: no Java found");
  }
}
