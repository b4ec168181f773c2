package io.kindling.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.spark.estimator.NeuralNetworkClassifier;
import io.kindling.spark.testing.Blobs;
import io.kindling.spark.testing.LocalSpark;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong on a worker: one clear error, or another try, and no hang. */
@Timeout(60)
class TrainingFailureTest {
  private static NeuralNetworkClassifier classifier(String network) {
    return new NeuralNetworkClassifier()
        .setNetwork(network)
        .setNumWorkers(2)
        .setBatchSize(10)
        .setMaxEpochs(2);
  }

  /** Counts how often any stage was started again. */
  private static int retries(Runnable body) throws Exception {
    SparkContext context = LocalSpark.session().sparkContext();
    AtomicInteger retries = new AtomicInteger();
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onStageSubmitted(SparkListenerStageSubmitted event) {
            if (event.stageInfo().attemptNumber() > 0) {
              retries.incrementAndGet();
            }
          }
        };
    context.addSparkListener(listener);
    try {
      body.run();
      context.listenerBus().waitUntilEmpty();
      return retries.get();
    } finally {
      context.removeSparkListener(listener);
    }
  }

  @Test
  void aWorkerThatThrowsIsNamedAndTheStageIsNotTriedAgain() throws Exception {
    for (int rank = 0; rank < 2; rank++) {
      String network = FailingNetwork.spec(rank, 3, "throw");
      String message =
          "worker "
              + rank
              + " of 2 failed after step 2 of 5 in epoch 1:"
              + " java.lang.IllegalStateException: this layer is broken";
      int retries =
          retries(
              () ->
                  assertThatThrownBy(() -> classifier(network).fit(Blobs.dataset(50, 2)))
                      .isInstanceOf(TrainingException.class)
                      .hasMessage(message));
      assertThat(retries).isZero();
    }
  }

  @Test
  void aClassThatIsMissingOnAWorkerIsNamed() {
    assertThatThrownBy(
            () -> classifier(FailingNetwork.spec(1, 1, "error")).fit(Blobs.dataset(50, 2)))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("worker 1 of 2 failed before the first step")
        .hasMessageContaining("com/acme/Missing");
  }

  @Test
  void aLossThatIsNoNumberIsNamed() {
    assertThatThrownBy(
            () -> classifier(Blobs.NETWORK).setLearningRate(3e38).fit(Blobs.dataset(50, 2)))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("worker")
        .hasMessageContaining("in epoch 1, step 2 of 5; lower learningRate");
  }

  /** Rows that stay where they are, and rows that are dealt. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void aFailureThatMayPassStartsTheStageAnewAndTheResultIsTheSame(int partitions) throws Exception {
    Dataset<Row> rows = Blobs.dataset(50, partitions);
    // The same network, whose failure never comes, is what an undisturbed run gives.
    byte[] undisturbed =
        classifier(FailingNetwork.spec(9, 1, "fail once")).fit(rows).trained().weights();

    byte[][] disturbed = new byte[1][];
    int retries =
        retries(
            () ->
                disturbed[0] =
                    classifier(FailingNetwork.spec(1, 3, "fail once"))
                        .fit(rows)
                        .trained()
                        .weights());

    assertThat(retries).isPositive();
    assertThat(disturbed[0]).isEqualTo(undisturbed);
  }

  @Test
  void aRowThatIsRefusedEndsAllWorkersAndIsNotReadAgain() throws Exception {
    Dataset<Row> rows =
        Blobs.dataset(50, 2).withColumn("label", functions.expr("if(id = 30, 7.0, label)"));
    int retries =
        retries(
            () ->
                assertThatThrownBy(() -> classifier(Blobs.NETWORK).fit(rows))
                    .isInstanceOf(TrainingException.class)
                    .hasMessageStartingWith("worker 1 of 2 failed before the first step: column")
                    .hasMessageContaining("'label', row 5 of partition 1: the label is 7.0"));
    assertThat(retries).isZero();
  }

  @Test
  void aFailureThatDoesNotPassIsReportedAfterSparksAttempts() throws Exception {
    int retries =
        retries(
            () ->
                assertThatThrownBy(
                        () ->
                            classifier(FailingNetwork.spec(1, 1, "fail always"))
                                .fit(Blobs.dataset(50, 2)))
                    .isInstanceOf(TrainingException.class)
                    .hasMessageContaining("a connection broke, says a test")
                    .message()
                    .doesNotContain("\tat "));
    assertThat(retries).isPositive();
  }

  @Test
  void aCancelledJobEndsItsWorkers() throws Exception {
    SparkContext context = LocalSpark.session().sparkContext();
    CountDownLatch started = new CountDownLatch(1);
    try (var registration = ProgressListener.register(context, progress -> started.countDown())) {
      CompletableFuture<Object> fit =
          CompletableFuture.supplyAsync(
              () -> {
                context.setJobGroup("cancelled by a test", "", false);
                return classifier(Blobs.NETWORK).setMaxEpochs(1_000_000).fit(Blobs.dataset(50, 2));
              });
      assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();
      context.cancelJobGroup("cancelled by a test");

      assertThatThrownBy(() -> fit.get(30, TimeUnit.SECONDS)).hasStackTraceContaining("cancelled");
    }
  }
}
