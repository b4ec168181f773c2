package io.kindling.spark.persist;

import io.kindling.spark.testing.Blobs;
import io.kindling.spark.testing.LocalSpark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.linalg.Vector;

/** A program of its own: loads a saved pipeline and writes what it predicts, bit for bit. */
public final class PredictInThisJvm {
  private PredictInThisJvm() {}

  /**
   * @param arguments the saved pipeline, and the file to write
   */
  public static void main(String[] arguments) throws Exception {
    LocalSpark.session();
    PipelineModel model = PipelineModel.load(arguments[0]);
    Files.writeString(Path.of(arguments[1]), predictions(model));
    LocalSpark.stop();
  }

  /** The scores of some rows as the hexadecimal form of each number. */
  static String predictions(PipelineModel model) {
    return model.transform(Blobs.dataset(300, 2)).orderBy("id").collectAsList().stream()
        .map(row -> row.<Vector>getAs("rawPrediction"))
        .flatMapToDouble(vector -> java.util.Arrays.stream(vector.toArray()))
        .mapToObj(Double::toHexString)
        .collect(Collectors.joining("\n"));
  }
}
