package io.kindling.spark.persist;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindling.spark.estimator.NeuralNetworkClassifier;
import io.kindling.spark.testing.Blobs;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class NewJvmTest {
  @TempDir private Path folder;

  @Test
  void aSavedPipelinePredictsTheSameBitsInANewJvm() throws Exception {
    Dataset<Row> rows = Blobs.dataset(120, 2);
    PipelineStage[] stages = {
      new VectorAssembler().setInputCols(new String[] {"features"}).setOutputCol("assembled"),
      new NeuralNetworkClassifier()
          .setNetwork(Blobs.NETWORK)
          .setFeaturesCol("assembled")
          .setNumWorkers(2)
          .setMaxEpochs(2)
    };
    PipelineModel model = new Pipeline().setStages(stages).fit(rows);
    String saved = folder.resolve("pipeline").toString();
    model.save(saved);
    Path written = folder.resolve("predictions.txt");

    run(PredictInThisJvm.class, saved, written.toString());

    assertThat(Files.readString(written)).isEqualTo(PredictInThisJvm.predictions(model));
  }

  private void run(Class<?> program, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (!option.startsWith("-agent") && !option.startsWith("-javaagent")) {
        command.add(option);
      }
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    command.addAll(List.of(arguments));
    Path log = folder.resolve("jvm.log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      assertThat(process.waitFor(150, TimeUnit.SECONDS)).as("the new JVM ended").isTrue();
      assertThat(process.exitValue()).as("its output:%n%s", Files.readString(log)).isZero();
    } finally {
      process.destroyForcibly();
    }
  }
}
