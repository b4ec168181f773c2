package io.kindling.spark.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.KindlingException;
import io.kindling.memory.CachingAllocator;
import io.kindling.spark.cluster.StandaloneCluster;
import io.kindling.spark.estimator.NeuralNetworkClassifier;
import io.kindling.spark.testing.Blobs;
import io.kindling.spark.testing.LocalSpark;
import java.util.Set;
import org.apache.spark.SparkEnv;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.BlockManagerId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import scala.jdk.javaapi.CollectionConverters;

/** What an executor process with too little memory for a network does. */
@Timeout(180)
class ExecutorMemoryClusterTest {
  private static final int LIMIT = 8 << 20;

  private static NeuralNetworkClassifier classifier(int width) {
    return new NeuralNetworkClassifier()
        .setNetwork(
            """
            {"layers": [
              {"type": "Linear", "outFeatures": %d},
              {"type": "Linear", "outFeatures": 3}]}
            """
                .formatted(width))
        .setMaxEpochs(1);
  }

  private static Set<BlockManagerId> executors() {
    return Set.copyOf(
        CollectionConverters.asJava(SparkEnv.get().blockManager().master().getMemoryStatus())
            .keySet());
  }

  @Test
  void oneLineSaysWhatIsUsedUpAndTheExecutorLivesOn() {
    try (StandaloneCluster cluster = StandaloneCluster.start(1)) {
      SparkSession.builder()
          .config(cluster.conf("executor memory"))
          .config(
              "spark.executor.extraJavaOptions",
              "-D" + CachingAllocator.LIMIT_PROPERTY + "=" + LIMIT)
          .getOrCreate();
      try {
        useUp(Blobs.dataset(40, 1));
      } finally {
        LocalSpark.stop();
      }
    }
  }

  private static void useUp(Dataset<Row> rows) {
    assertThat(classifier(16).fit(rows).history()).hasSize(1);
    Set<BlockManagerId> before = executors();

    assertThatThrownBy(() -> classifier(1 << 20).fit(rows))
        .isInstanceOf(KindlingException.class)
        .message()
        .contains("worker 0 of 1", "off-heap memory is used up", "the limit is " + LIMIT)
        .contains("use a smaller batch, or raise -D" + CachingAllocator.LIMIT_PROPERTY)
        .doesNotContain("\tat ");

    assertThat(classifier(16).fit(rows).history()).hasSize(1);
    assertThat(executors()).isEqualTo(before);
  }
}
