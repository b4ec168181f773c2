package io.kindling.spark.train;

import io.kindling.amp.Autocast;
import io.kindling.autograd.Autograd;
import io.kindling.distributed.DistributedDataParallel;
import io.kindling.distributed.ProcessGroup;
import io.kindling.distributed.ReduceOp;
import io.kindling.distributed.ZeroRedundancyOptimizer;
import io.kindling.memory.Scope;
import io.kindling.nn.functional.F;
import io.kindling.op.loss.LossReduction;
import io.kindling.spark.feed.LabeledRows;
import io.kindling.spark.resource.Precision;
import io.kindling.tensor.MemoryFormat;
import io.kindling.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One worker's training loop. It knows nothing of Spark: rows come from {@link TrainingRows}, the
 * other workers are a {@link ProcessGroup}.
 *
 * <p>The loss of a step is the mean over the rows of all workers: each worker divides the sum of
 * its own losses by the number of rows of the whole batch, and gradients are summed. So N workers
 * learn what one worker would from the same batches, within rounding, as long as no layer looks
 * across rows (batch normalisation) or draws (dropout).
 */
final class WorkerTraining {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerTraining.class);

  /** Rows of one forward pass when nothing is learned. */
  private static final int VALIDATION_BATCH = 512;

  /** A label to pass over, which no row has. */
  private static final long NO_LABEL = -100;

  private final DistributedDataParallel network;
  private final ZeroRedundancyOptimizer optimizer;
  private final ProcessGroup group;
  private final TrainingRows training;
  private final TrainingRows validation;
  private final RowOrder order;
  private final TrainingConfig config;
  private final Precision precision;
  private final String run;
  private final TrainingMonitor monitor;

  /**
   * @param network wrapped for {@code group}, in any mode
   * @param optimizer of this network
   * @param precision of forward and backward
   * @param run names this run in progress reports
   */
  WorkerTraining(
      DistributedDataParallel network,
      ZeroRedundancyOptimizer optimizer,
      ProcessGroup group,
      TrainingRows training,
      TrainingRows validation,
      RowOrder order,
      TrainingConfig config,
      Precision precision,
      String run,
      TrainingMonitor monitor) {
    this.network = network;
    this.optimizer = optimizer;
    this.group = group;
    this.training = training;
    this.validation = validation;
    this.order = order;
    this.config = config;
    this.precision = precision;
    this.run = run;
    this.monitor = monitor;
  }

  /**
   * Trains for all epochs; every worker returns the same history.
   *
   * @throws NoRowsException if no worker has a row to learn
   * @throws TrainingException if the loss is no longer a number
   */
  List<EpochResult> run() {
    RowCounts counts = RowCounts.agree(group, training.count(), validation.count());
    counts.requireRowsToLearn();
    BatchSchedule schedule = new BatchSchedule(config.batchSize(), counts.training());
    if (group.rank() == 0) {
      report(counts, schedule);
    }
    List<EpochResult> history = new ArrayList<>();
    for (int epoch = 1; epoch <= config.maxEpochs(); epoch++) {
      EpochResult result = epoch(epoch, schedule);
      history.add(result);
      monitor.onEpoch(result);
    }
    return history;
  }

  private void report(RowCounts counts, BatchSchedule schedule) {
    LOG.info(
        "run {}: {} rows to learn and {} for validation, {} workers",
        run,
        counts.totalTraining(),
        counts.totalValidation(),
        group.size());
    if (schedule.isUneven()) {
      LOG.warn(
          "run {}: the workers have {} rows to learn, and those with few will wait for those with"
              + " many; call repartition({}) on the dataset, or give it more partitions",
          run,
          Arrays.toString(counts.training()),
          group.size());
    }
  }

  private EpochResult epoch(int epoch, BatchSchedule schedule) {
    network.train();
    int[] shuffled = order.of(epoch, group.rank(), training.count());
    int[] rows = schedule.forwards(group.rank(), shuffled);
    long start = System.nanoTime();
    long done = 0;
    double lossSum = 0;
    for (int step = 0; step < schedule.steps(); step++) {
      monitor.checkAlive();
      int begin = schedule.begin(group.rank(), step);
      int end = schedule.end(group.rank(), step);
      double loss = step(Arrays.copyOfRange(rows, begin, end), schedule.batchRows(step));
      if (!Double.isFinite(loss)) {
        throw new TrainingException(
            "the loss became "
                + loss
                + " in epoch "
                + epoch
                + ", step "
                + (step + 1)
                + " of "
                + schedule.steps()
                + "; lower learningRate (now "
                + config.learningRate()
                + ") or scale the features to a small range");
      }
      lossSum += loss;
      done += schedule.batchRows(step);
      monitor.onProgress(
          new TrainingProgress(
              run,
              epoch,
              config.maxEpochs(),
              step + 1,
              schedule.steps(),
              (epoch - 1) * schedule.totalRows() + done,
              done / seconds(start),
              loss / Math.max(1, end - begin)));
    }
    double rowsPerSecond = done / seconds(start);
    return measure(epoch, lossSum, schedule.totalRows(), rowsPerSecond);
  }

  /** Learns the given rows as a part of a batch; returns the sum of their losses. */
  private double step(int[] rows, long batchRows) {
    try (Scope scope = Scope.open()) {
      double loss = 0;
      if (rows.length > 0) {
        LabeledRows batch = training.gather(rows);
        Tensor sum = loss(batch);
        loss = sum.item();
        if (Double.isFinite(loss)) {
          sum.div(batchRows).backward();
        }
      }
      if (Double.isFinite(loss)) {
        optimizer.step();
      }
      return loss;
    }
  }

  private Tensor loss(LabeledRows batch) {
    try (Autocast region = precision.region()) {
      Tensor logits = network.forward(fastest(batch.features()));
      return sumOfLosses(logits, batch.labels());
    }
  }

  private static Tensor sumOfLosses(Tensor logits, Tensor labels) {
    return F.crossEntropy(logits, labels, null, NO_LABEL, LossReduction.SUM);
  }

  /** Convolutions run fastest with channels last; their outputs follow their input. */
  static Tensor fastest(Tensor features) {
    return features.dim() == 4 ? features.contiguous(MemoryFormat.CHANNELS_LAST) : features;
  }

  private EpochResult measure(int epoch, double trainLoss, long trainRows, double rowsPerSecond) {
    double[] sums = {trainLoss, 0, 0, validation.count()};
    network.eval();
    try (Scope scope = Scope.open();
        var off = Autograd.noGrad()) {
      // Running statistics differ between workers; rank 0's are what is measured and saved.
      network.buffers().forEach(buffer -> group.broadcast(buffer, 0));
      int[] rows = RowOrder.inOrder(validation.count());
      for (int begin = 0; begin < rows.length; begin += VALIDATION_BATCH) {
        monitor.checkAlive();
        int end = Math.min(rows.length, begin + VALIDATION_BATCH);
        validate(Arrays.copyOfRange(rows, begin, end), sums);
      }
      Tensor total = Tensor.of(sums);
      group.allReduce(total, ReduceOp.SUM);
      sums = total.toDoubleArray();
    }
    double validationRows = sums[3];
    return new EpochResult(
        epoch,
        sums[0] / trainRows,
        validationRows == 0 ? Double.NaN : sums[1] / validationRows,
        validationRows == 0 ? Double.NaN : sums[2] / validationRows,
        rowsPerSecond);
  }

  /** Adds the rows' losses to {@code sums[1]}, and how many are classified rightly to sums[2]. */
  private void validate(int[] rows, double[] sums) {
    try (Scope scope = Scope.open();
        Autocast region = precision.region()) {
      LabeledRows batch = validation.gather(rows);
      Tensor logits = network.forward(fastest(batch.features()));
      sums[1] += sumOfLosses(logits, batch.labels()).item();
      sums[2] += logits.argmax(1).eq(batch.labels()).sum().item();
    }
  }

  private static double seconds(long start) {
    return Math.max(1, System.nanoTime() - start) * 1e-9;
  }
}
