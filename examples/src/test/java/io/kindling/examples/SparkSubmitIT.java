package io.kindling.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindling.spark.cluster.StandaloneCluster;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.Tuple2;

/** The README's spark-submit command, on a cluster of processes that know nothing but Spark. */
class SparkSubmitIT {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  @TempDir Path folder;

  @Test
  void trainsOnTwoExecutorsFromTheJarsAlone() throws Exception {
    Path job =
        Files.writeString(
            folder.resolve("job.yaml"),
            """
            data: %s
            select: "select *, transform(pixels, p -> float(p / 16)) as features from data"
            network:
              layers:
                - {type: Linear, outFeatures: 32}
                - {type: ReLU}
                - {type: Linear, outFeatures: 10}
            epochs: 5
            learning-rate: 0.01
            workers: 2
            model: %s
            """
                .formatted(ROOT.resolve("examples/01-digits/digits.parquet"), folder.resolve("m")));
    try (StandaloneCluster cluster = StandaloneCluster.start(2, sparkAlone())) {
      String output = submit(cluster, "train", "--config", job.toString());
      assertThat(output).contains("model saved to");
      assertThat(folder.resolve("m/weights.safetensors")).isNotEmptyFile();
    }
  }

  private String submit(StandaloneCluster cluster, String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + ROOT.resolve("bin/spark-jvm.options"),
                "-cp",
                String.join(File.pathSeparator, sparkAlone()),
                "org.apache.spark.deploy.SparkSubmit",
                "--properties-file",
                properties(cluster).toString(),
                "--class",
                "io.kindling.jobs.Kindling",
                "--jars",
                shipped().map(Path::toString).collect(Collectors.joining(",")),
                jobsJar().toString()));
    command.addAll(List.of(arguments));
    Path log = folder.resolve("submit.txt");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).as("ends").isTrue();
    } finally {
      process.destroyForcibly();
    }
    String output = Files.readString(log, StandardCharsets.UTF_8);
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }

  private Path properties(StandaloneCluster cluster) throws IOException {
    List<String> lines = new ArrayList<>();
    for (Tuple2<String, String> setting : cluster.conf("spark-submit").getAll()) {
      if (!setting._2().isEmpty()) {
        lines.add(setting._1() + " " + setting._2());
      }
    }
    return Files.write(folder.resolve("spark.properties"), lines);
  }

  /** The class path of bin/kindling without Kindling and what it brings. */
  private static List<String> sparkAlone() throws IOException {
    Set<String> ours =
        shipped().map(jar -> jar.getFileName().toString()).collect(Collectors.toSet());
    return Stream.of(
            Files.readString(ROOT.resolve("jobs/target/kindling.dependencies"))
                .split(File.pathSeparator))
        .filter(jar -> !ours.contains(Path.of(jar).getFileName().toString()))
        .toList();
  }

  private static Stream<Path> shipped() throws IOException {
    return jars(ROOT.resolve("jobs/target/lib"));
  }

  private static Path jobsJar() throws IOException {
    return jars(ROOT.resolve("jobs/target"))
        .filter(jar -> jar.getFileName().toString().startsWith("jobs-"))
        .findFirst()
        .orElseThrow();
  }

  private static Stream<Path> jars(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".jar")).toList().stream();
    }
  }
}
