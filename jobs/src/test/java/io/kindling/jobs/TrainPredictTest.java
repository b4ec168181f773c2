package io.kindling.jobs;

import static io.kindling.jobs.Commands.run;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainPredictTest {
  private static final String DIGITS =
      Path.of("../examples/01-digits/digits.parquet").toAbsolutePath().normalize().toString();

  @TempDir Path folder;

  private Path job(String model, int classes) throws Exception {
    return Files.writeString(
        folder.resolve("job.yaml"),
        """
        data: %s
        select: "select *, transform(pixels, p -> float(p / 16)) as features from data"
        network:
          layers:
            - {type: Linear, outFeatures: 32}
            - {type: ReLU}
            - {type: Linear, outFeatures: %d}
        epochs: 10
        batch-size: 32
        learning-rate: 0.01
        workers: 2
        test-fraction: 0.2
        model: %s
        """
            .formatted(DIGITS, classes, model));
  }

  @Test
  void trainsFromAYamlFileAndPredictsWithTheSavedModel() throws Exception {
    String model = folder.resolve("model").toString();
    Path config = job(model, 10);
    String trained = run(0, "train", "--config", config.toString());
    Matcher accuracy = Pattern.compile("test accuracy ([0-9.]+)").matcher(trained);
    assertThat(accuracy.find()).as(trained).isTrue();
    assertThat(Double.parseDouble(accuracy.group(1))).isGreaterThan(0.9);

    String predicted =
        run(
            0,
            "predict",
            "--model",
            model,
            "--data",
            DIGITS,
            "--select",
            "select *, transform(pixels, p -> float(p / 16)) as features from data",
            "--output",
            folder.resolve("predictions").toString());
    assertThat(predicted).contains("1797 predictions");
  }

  @Test
  void theExamplesConfigurationTrains() {
    String trained =
        run(
            0,
            "train",
            "--config",
            Path.of("../examples/01-digits/train.yaml").toString(),
            "--data",
            DIGITS,
            "--model",
            folder.resolve("model").toString());
    Matcher accuracy = Pattern.compile("test accuracy ([0-9.]+)").matcher(trained);
    assertThat(accuracy.find()).as(trained).isTrue();
    assertThat(Double.parseDouble(accuracy.group(1))).isGreaterThan(0.95);
  }

  /** Data, model and predictions on a real distributed file system. */
  @Test
  void everyPathMayBeOnHdfs() throws Exception {
    Configuration hadoop = new Configuration();
    hadoop.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.resolve("hdfs").toString());
    try (MiniDFSCluster cluster = new MiniDFSCluster.Builder(hadoop).numDataNodes(1).build()) {
      String root = cluster.getURI().toString();
      cluster
          .getFileSystem()
          .copyFromLocalFile(
              new org.apache.hadoop.fs.Path(DIGITS), new org.apache.hadoop.fs.Path("/digits"));
      Path config = job(root + "/model", 10);
      run(0, "train", "--config", config.toString(), "--data", root + "/digits", "--epochs", "1");
      String predicted =
          run(
              0,
              "predict",
              "--model",
              root + "/model",
              "--data",
              root + "/digits",
              "--select",
              "select *, transform(pixels, p -> float(p / 16)) as features from data",
              "--output",
              root + "/predictions");
      assertThat(predicted).contains("1797 predictions");
    }
  }

  @Test
  void aTestWithoutRowsTakesNothingFromTheTraining() throws Exception {
    String model = folder.resolve("model").toString();
    String trained =
        run(
            0,
            "train",
            "--config",
            job(model, 10).toString(),
            "--epochs=1",
            "--test-fraction=1e-12");
    assertThat(trained).contains("no row was held back to test on").doesNotContain("NaN");
    assertThat(folder.resolve("model/weights.safetensors")).exists();
  }
}
