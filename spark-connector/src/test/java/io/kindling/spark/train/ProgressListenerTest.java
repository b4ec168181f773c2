package io.kindling.spark.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindling.spark.estimator.NeuralNetworkClassifier;
import io.kindling.spark.testing.Blobs;
import io.kindling.spark.testing.LocalSpark;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.spark.SparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ProgressListenerTest {
  @Test
  void theDriverSeesARunGoOnAndItsEnd() throws Exception {
    SparkContext context = LocalSpark.session().sparkContext();
    List<TrainingProgress> seen = new CopyOnWriteArrayList<>();
    NeuralNetworkClassifier estimator =
        new NeuralNetworkClassifier()
            .setNetwork(Blobs.NETWORK)
            .setBatchSize(4)
            .setMaxEpochs(60)
            .setNumWorkers(2);

    try (var registration = ProgressListener.register(context, seen::add)) {
      estimator.fit(Blobs.dataset(100, 2));
      context.listenerBus().waitUntilEmpty();
    }

    TrainingProgress last = seen.get(seen.size() - 1);
    assertThat(last.epoch()).isEqualTo(60);
    assertThat(last.epochs()).isEqualTo(60);
    assertThat(last.step()).isEqualTo(25).isEqualTo(last.steps());
    assertThat(last.rows()).isEqualTo(60 * 100);
    assertThat(last.fraction()).isEqualTo(1);
    assertThat(last.loss()).isPositive();
    assertThat(last.rowsPerSecond()).isPositive();
    // Heartbeats come every 100 ms, and 1,500 steps take longer than that.
    assertThat(seen).anyMatch(progress -> progress.fraction() < 1);
    for (int i = 1; i < seen.size(); i++) {
      assertThat(seen.get(i).isAfter(seen.get(i - 1))).isTrue();
      assertThat(seen.get(i).run()).isEqualTo(seen.get(0).run());
    }

    int before = seen.size();
    estimator.setMaxEpochs(1).fit(Blobs.dataset(20, 2));
    context.listenerBus().waitUntilEmpty();
    assertThat(seen).hasSize(before);
  }
}
