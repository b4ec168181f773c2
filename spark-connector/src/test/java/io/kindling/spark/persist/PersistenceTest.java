package io.kindling.spark.persist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.FormatException;
import io.kindling.spark.estimator.NeuralNetworkClassifier;
import io.kindling.spark.model.NeuralNetworkClassificationModel;
import io.kindling.spark.testing.Blobs;
import io.kindling.spark.testing.LocalSpark;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.Params;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class PersistenceTest {
  private static NeuralNetworkClassificationModel model;

  @TempDir private Path folder;

  @BeforeAll
  static void train() {
    model =
        new NeuralNetworkClassifier()
            .setNetwork(Blobs.NETWORK)
            .setMaxEpochs(1)
            .setProbabilityCol("p")
            .fit(Blobs.dataset(60, 2));
  }

  private static List<double[]> scores(NeuralNetworkClassificationModel model) {
    return model.transform(Blobs.dataset(50, 2)).orderBy("id").collectAsList().stream()
        .map(row -> row.<Vector>getAs("rawPrediction").toArray())
        .toList();
  }

  @Test
  void anEstimatorComesBackWithItsParams() throws IOException {
    NeuralNetworkClassifier estimator =
        new NeuralNetworkClassifier()
            .setNetwork(Blobs.NETWORK)
            .setInputShape(1, 2, 2)
            .setLearningRate(0.125)
            .setSeed(1L << 40)
            .setOptimizer("sgd")
            .setValidationIndicatorCol("held");
    String path = folder.resolve("estimator").toString();
    estimator.save(path);

    NeuralNetworkClassifier loaded = NeuralNetworkClassifier.load(path);

    assertThat(loaded.uid()).isEqualTo(estimator.uid());
    assertThat(explained(loaded)).isEqualTo(explained(estimator));
    assertThat(loaded.getInputShape()).containsExactly(1, 2, 2);
    assertThat(loaded.isSet(loaded.batchSize())).isFalse();
  }

  @Test
  void aModelComesBackWithItsParamsAndPredictsTheSameBits() throws IOException {
    String path = folder.resolve("model").toString();
    model.save(path);

    NeuralNetworkClassificationModel loaded = NeuralNetworkClassificationModel.load(path);

    assertThat(loaded.uid()).isEqualTo(model.uid());
    assertThat(explained(loaded)).isEqualTo(explained(model));
    assertThat(loaded.getProbabilityCol()).isEqualTo("p");
    assertThat(loaded.numClasses()).isEqualTo(model.numClasses());
    assertThat(loaded.hasHistory()).isFalse();
    assertThat(scores(loaded)).usingRecursiveComparison().isEqualTo(scores(model));
  }

  @Test
  void theDirectoryHoldsOpenFormats() throws IOException {
    Path path = folder.resolve("model");
    model.save(path.toString());

    try (Stream<Path> files = Files.list(path)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .filteredOn(name -> !name.startsWith("."))
          .containsExactlyInAnyOrder("metadata", "network.json", "weights.safetensors");
    }
    assertThat(path.resolve("network.json")).content().isEqualTo(Blobs.NETWORK);
    assertThat(metadata(path))
        .contains("\"formatVersion\":1")
        .contains("\"class\":\"" + NeuralNetworkClassificationModel.class.getName() + "\"")
        .doesNotContain("outFeatures");
  }

  /** A file system that only Hadoop's configuration knows. */
  public static final class OtherFileSystem extends RawLocalFileSystem {
    @Override
    public URI getUri() {
      return URI.create("other:///");
    }

    @Override
    public String getScheme() {
      return "other";
    }
  }

  @Test
  void anyHadoopFileSystemWillDo() throws IOException {
    LocalSpark.session()
        .sparkContext()
        .hadoopConfiguration()
        .set("fs.other.impl", OtherFileSystem.class.getName());
    Path path = folder.resolve("elsewhere");

    model.save("other://" + path);

    assertThat(path.resolve("weights.safetensors")).isNotEmptyFile();
    assertThat(NeuralNetworkClassificationModel.load("other://" + path).trained().weights())
        .isEqualTo(model.trained().weights());
  }

  @Test
  void savingTwiceNeedsOverwrite() throws IOException {
    String path = folder.resolve("model").toString();
    model.save(path);

    assertThatThrownBy(() -> model.save(path)).isInstanceOf(IOException.class);
    model.write().overwrite().save(path);
    assertThat(NeuralNetworkClassificationModel.load(path).uid()).isEqualTo(model.uid());
  }

  @Test
  void aDamagedOrMissingFileIsNamed() throws IOException {
    Path path = folder.resolve("model");
    model.save(path.toString());
    Path weights = path.resolve("weights.safetensors");
    byte[] bytes = Files.readAllBytes(weights);

    byte[] flipped = bytes.clone();
    flipped[flipped.length - 5] ^= 1;
    replace(weights, flipped);
    assertRefused(path, "weights.safetensors is damaged");
    replace(weights, java.util.Arrays.copyOf(bytes, bytes.length / 2));
    assertRefused(path, "weights.safetensors is damaged");
    replace(weights, new byte[0]);
    assertRefused(path, "weights.safetensors has 0 bytes");
    Files.delete(weights);
    assertRefused(path, "weights.safetensors is missing");
    replace(weights, bytes);

    Path network = path.resolve("network.json");
    replace(network, "{\"layers\": [{\"type\": \"ReLU\"}]}".getBytes());
    assertRefused(path, "network.json and ");
    replace(network, "{".getBytes());
    assertRefused(path, "network.json and ");
    Files.delete(network);
    assertRefused(path, "network.json is missing");
  }

  @Test
  void metadataThatDoesNotFitIsNamed() throws IOException {
    assertRefused(folder.resolve("nowhere"), "nowhere/metadata cannot be read");

    Path estimator = folder.resolve("estimator");
    new NeuralNetworkClassifier().save(estimator.toString());
    assertRefused(estimator, "describes a io.kindling.spark.estimator.NeuralNetworkClassifier");

    Path path = folder.resolve("model");
    model.save(path.toString());
    String good = metadata(path);
    rewriteMetadata(path, good.replace("\"formatVersion\":1", "\"formatVersion\":99"));
    assertRefused(path, "format version 99, this Kindling reads up to 1");
    rewriteMetadata(path, good.replace("\"formatVersion\":1,", ""));
    assertRefused(path, "expected a whole number as 'formatVersion', found nothing");
    rewriteMetadata(path, good.replace("\"numClasses\":3", "\"numClasses\":\"three\""));
    assertRefused(path, "expected a whole number as 'numClasses'");
    rewriteMetadata(path, good.replace("\"inputShape\":[4]", "\"inputShape\":[5]"));
    assertRefused(path, "do not make a network");
    rewriteMetadata(path, good.replace("\"inputShape\":[4]", "\"nonsense\":[5]"));
    assertRefused(path, "the shape of a row's features");
    rewriteMetadata(path, "not json");
    assertRefused(path, "metadata cannot be read");
  }

  /** All Params and their values; Spark shows an array by its identity. */
  private static String explained(Params params) {
    return params.explainParams().replaceAll("\\[I@\\w+", "[...]");
  }

  private static void assertRefused(Path path, String message) {
    assertThatThrownBy(() -> NeuralNetworkClassificationModel.load(path.toString()))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining(message)
        .hasMessageContaining(path.getFileName().toString());
  }

  private static Path metadataFile(Path path) throws IOException {
    try (Stream<Path> files = Files.list(path.resolve("metadata"))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("part-"))
          .findFirst()
          .orElseThrow();
    }
  }

  private static String metadata(Path path) throws IOException {
    return Files.readString(metadataFile(path));
  }

  private static void rewriteMetadata(Path path, String json) throws IOException {
    replace(metadataFile(path), json.getBytes());
  }

  /**
   * Hadoop's local file system keeps a checksum beside each file; this must fail for our reasons.
   */
  private static void replace(Path file, byte[] bytes) throws IOException {
    Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
    Files.write(file, bytes);
  }
}
