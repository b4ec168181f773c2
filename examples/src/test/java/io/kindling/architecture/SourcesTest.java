package io.kindling.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.Test;

/** What no compiler checks about the sources. */
class SourcesTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final List<String> MODULES =
      List.of("tensor-core", "data", "spark-connector", "jobs", "examples");

  @Test
  void everyPackageHasItsManual() throws IOException {
    for (String module : MODULES) {
      for (String kind : List.of("main", "test")) {
        Path sources = ROOT.resolve(module).resolve("src/" + kind + "/java");
        if (!Files.isDirectory(sources)) {
          continue;
        }
        try (Stream<Path> files = Files.walk(sources)) {
          List<Path> packages =
              files
                  .filter(file -> file.toString().endsWith(".java"))
                  .map(Path::getParent)
                  .distinct()
                  .toList();
          for (Path folder : packages) {
            boolean described =
                Files.exists(folder.resolve("package-info.java"))
                    || kind.equals("test")
                        && Files.exists(
                            ROOT.resolve(module)
                                .resolve("src/main/java")
                                .resolve(sources.relativize(folder))
                                .resolve("package-info.java"));
            assertThat(described).as("package-info.java for %s", folder).isTrue();
          }
        }
      }
    }
  }

  /** Spark's own list changes with its version; ours must be the same. */
  @Test
  void jvmOptionsAreSparks() throws IOException {
    assertThat(Files.readAllLines(ROOT.resolve("bin/spark-jvm.options")))
        .containsExactly(JavaModuleOptions.defaultModuleOptions().split(" "));
  }
}
