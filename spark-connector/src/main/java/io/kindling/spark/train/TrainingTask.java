package io.kindling.spark.train;

import io.kindling.DeviceException;
import io.kindling.distributed.DistributedDataParallel;
import io.kindling.distributed.DistributedException;
import io.kindling.distributed.ProcessGroup;
import io.kindling.distributed.ZeroRedundancyOptimizer;
import io.kindling.io.safetensors.Safetensors;
import io.kindling.nn.Module;
import io.kindling.nn.NetworkSpec;
import io.kindling.optim.Adam;
import io.kindling.optim.AdamW;
import io.kindling.optim.Optimizer;
import io.kindling.optim.SGD;
import io.kindling.spark.comm.SparkProcessGroup;
import io.kindling.spark.feed.FeedRow;
import io.kindling.spark.feed.LocalBatches;
import io.kindling.spark.feed.RefusedRowException;
import io.kindling.spark.resource.ExecutorMemory;
import io.kindling.spark.resource.Precision;
import io.kindling.spark.resource.TaskResources;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import io.kindling.tensor.Generator;
import io.kindling.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.TaskKilledException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;

/**
 * One worker: stores its rows, joins the others, trains, and says how it ended.
 *
 * <p>What would fail again if it were tried again (an exception of the network, a loss that is no
 * number) ends every task normally, with an {@link Outcome} that says so. What may pass (a lost
 * peer, a full disk) is thrown, and Spark starts the stage anew. Outcomes come with the worker's
 * rank, as a shuffle follows.
 */
final class TrainingTask
    extends AbstractFunction1<Iterator<FeedRow>, Iterator<Tuple2<Integer, Outcome>>>
    implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(TrainingTask.class);

  private final TrainingConfig config;
  private final String run;
  private final ProgressAccumulator progress;

  TrainingTask(TrainingConfig config, String run, ProgressAccumulator progress) {
    this.config = config;
    this.run = run;
    this.progress = progress;
  }

  @Override
  public Iterator<Tuple2<Integer, Outcome>> apply(Iterator<FeedRow> own) {
    ExecutorMemory.limit();
    BarrierTaskContext context = BarrierTaskContext.get();
    return CollectionConverters.asScala(
        outcomes(own, context).stream()
            .map(outcome -> new Tuple2<>(context.partitionId(), outcome))
            .iterator());
  }

  private List<Outcome> outcomes(Iterator<FeedRow> own, BarrierTaskContext context) {
    Precision precision;
    LocalBatches stored;
    try {
      precision = precision();
      stored = store(own, precision);
    } catch (DeviceException | RefusedRowException e) {
      return fail(e, new Monitor(context), SparkProcessGroup.join(context, run));
    }
    try (LocalBatches rows = stored;
        var threads = TaskResources.useThreads(context)) {
      // The group ends with the task, which knows whether it failed; closing it here would tell the
      // others no more than that this worker left.
      return train(context, rows, precision, SparkProcessGroup.join(context, run));
    }
  }

  private Precision precision() {
    Device device = TaskResources.device(config.device());
    Precision precision = Precision.of(config.precision(), device);
    LOG.info("device {}: training on {} in {}", config.device(), device, precision);
    return precision;
  }

  private LocalBatches store(Iterator<FeedRow> rows, Precision precision) {
    DType type = precision == Precision.BFLOAT16 ? config.inputType() : DType.FLOAT32;
    return LocalBatches.write(CollectionConverters.asJava(rows), type, config.inputShape());
  }

  private List<Outcome> train(
      BarrierTaskContext context, LocalBatches rows, Precision precision, ProcessGroup group) {
    Monitor monitor = new Monitor(context);
    try {
      TrainingResult result = train(rows, precision, group, monitor);
      return group.rank() == 0 ? List.of(new Outcome(result, null)) : List.of();
    } catch (NoRowsException e) {
      return group.rank() == 0 ? List.of(new Outcome(null, e)) : List.of();
    } catch (DistributedException e) {
      if (WorkerException.isCauseOf(e)) {
        LOG.warn("training ends, as another worker failed: {}", e.getMessage());
        return List.of();
      }
      throw e;
    } catch (RuntimeException | LinkageError e) {
      if (context.isInterrupted()) {
        throw e;
      }
      return fail(e, monitor, group);
    }
  }

  /** Ends training on all workers, those included that have yet to come to the first step. */
  private static List<Outcome> fail(Throwable thrown, Monitor monitor, ProcessGroup group) {
    WorkerException failure = WorkerException.of(thrown, monitor.where(group));
    LOG.error("training ends", thrown);
    group.abort(failure);
    return List.of(new Outcome(null, failure));
  }

  private TrainingResult train(
      LocalBatches rows, Precision precision, ProcessGroup group, Monitor monitor) {
    // Rank 0's weights become everyone's; other seeds keep dropout from repeating on every worker.
    Generator generator = new Generator(config.seed() + group.rank());
    try (Module module = NetworkSpec.parse(config.network()).build(config.inputShape(), generator);
        DistributedDataParallel network = new DistributedDataParallel(module, group);
        ZeroRedundancyOptimizer optimizer = new ZeroRedundancyOptimizer(network, this::optimizer)) {
      List<EpochResult> history =
          new WorkerTraining(
                  network,
                  optimizer,
                  group,
                  TrainingRows.of(rows, rows.trainingRows()),
                  TrainingRows.of(rows, rows.validationRows()),
                  RowOrder.shuffled(config.seed()),
                  config,
                  precision,
                  run,
                  monitor)
              .run();
      return group.rank() == 0 ? new TrainingResult(weights(module), history) : null;
    }
  }

  private Optimizer optimizer(List<Tensor> parameters) {
    return switch (config.optimizer()) {
      case "sgd" -> new SGD(parameters, config.learningRate()).weightDecay(config.weightDecay());
      case "adam" -> new Adam(parameters, config.learningRate()).weightDecay(config.weightDecay());
      case "adamw" ->
          new AdamW(parameters, config.learningRate()).weightDecay(config.weightDecay());
      default ->
          throw new TrainingException(
              "'" + config.optimizer() + "' is no optimizer; use sgd, adam or adamw");
    };
  }

  private static byte[] weights(Module module) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      Safetensors.write(module.stateDict(), Map.of("format", "pt"), bytes);
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new IllegalStateException("memory does not fail to be written", e);
    }
  }

  /** Ties the loop to its task: ends it when Spark kills the task, and reports to the driver. */
  private final class Monitor implements TrainingMonitor {
    private final BarrierTaskContext context;
    private TrainingProgress latest;

    Monitor(BarrierTaskContext context) {
      this.context = context;
    }

    @Override
    public void checkAlive() {
      if (context.isInterrupted()) {
        throw new TaskKilledException("training was stopped");
      }
    }

    @Override
    public void onProgress(TrainingProgress now) {
      latest = now;
      if (context.partitionId() == 0) {
        progress.add(now);
      }
    }

    @Override
    public void onEpoch(EpochResult result) {
      if (context.partitionId() == 0) {
        LOG.info("run {}, {} epochs; {}", run, config.maxEpochs(), result);
      }
    }

    /** This worker and how far it had come. */
    String where(ProcessGroup group) {
      String after =
          latest == null
              ? "before the first step"
              : "after step "
                  + latest.step()
                  + " of "
                  + latest.steps()
                  + " in epoch "
                  + latest.epoch();
      return "worker " + group.rank() + " of " + group.size() + " failed " + after;
    }
  }
}
