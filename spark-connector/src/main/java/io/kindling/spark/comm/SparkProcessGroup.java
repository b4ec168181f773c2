package io.kindling.spark.comm;

import io.kindling.DeviceException;
import io.kindling.ShapeException;
import io.kindling.distributed.DistributedException;
import io.kindling.distributed.ProcessGroup;
import io.kindling.distributed.ReduceOp;
import io.kindling.distributed.Work;
import io.kindling.memory.Storage;
import io.kindling.tensor.Device;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Tensor;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.util.TaskCompletionListener;
import org.apache.spark.util.TaskFailureListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tasks of a barrier stage as a {@link ProcessGroup}: rank r is the task of partition r.
 *
 * <pre>{@code
 * rdd.barrier().mapPartitions(rows -> {
 *   ProcessGroup group = SparkProcessGroup.join(BarrierTaskContext.get(), runId);
 *   ...
 *   group.allReduce(gradient, ReduceOp.SUM);
 *   ...
 * });
 * }</pre>
 *
 * <p>The task that joined is the one that makes calls, from one thread. When it ends, so does its
 * membership: a task that throws fails all others with its exception's message. Tasks that all
 * share a JVM add up each other's memory, others form a ring, with the same bits. Connections use
 * Spark's authentication and encryption settings. {@code spark.kindling.comm.timeout} (60 s) bounds
 * how long a call may make no progress, {@code spark.kindling.comm.joinTimeout} (1 h) how long a
 * task waits for the others to join: they may be reading rows. One that has died ends the stage at
 * once.
 */
public final class SparkProcessGroup implements ProcessGroup {
  private static final Logger LOG = LoggerFactory.getLogger(SparkProcessGroup.class);

  private final int rank;
  private final int size;

  /** Null in a group of one, which has nobody to talk to. */
  private final Ring ring;

  private volatile DistributedException aborted;

  private SparkProcessGroup(int rank, int size, Ring ring) {
    this.rank = rank;
    this.size = size;
    this.ring = ring;
  }

  /**
   * Joins the tasks of this attempt of the barrier stage into a group. All of them must call this,
   * once, and must not use the context's {@code allGather} or {@code barrier} at the same time.
   *
   * @param runId the same for all tasks, different for every training run
   * @throws DistributedException if a task is missing, or does not appear in time
   */
  public static ProcessGroup join(BarrierTaskContext context, String runId) {
    Rendezvous.checkWhole(context);
    ProcessGroup group =
        context.numPartitions() == 1 ? new SparkProcessGroup(0, 1, null) : connect(context, runId);
    TaskFailureListener onFailure = (ignored, error) -> group.abort(error);
    TaskCompletionListener onCompletion = ignored -> group.close();
    context.addTaskFailureListener(onFailure);
    context.addTaskCompletionListener(onCompletion);
    return group;
  }

  private static ProcessGroup connect(BarrierTaskContext context, String runId) {
    SparkEnv env = SparkEnv.get();
    TransportSettings settings = TransportSettings.of(env.conf(), env.securityManager());
    BooleanSupplier killed = context::isInterrupted;
    Deadline deadline = new Deadline(settings.joinTimeout(), killed);
    int rank = context.partitionId();
    int size = context.numPartitions();
    String host = env.blockManager().blockManagerId().host();
    Endpoint endpoint = Endpoint.listen(settings, host, rank, size);
    List<Member> members;
    try {
      members = Rendezvous.gather(context, runId, endpoint.member(), deadline);
    } catch (RuntimeException e) {
      endpoint.close();
      throw e;
    }
    if (members.stream().allMatch(member -> member.process().equals(SharedGroups.PROCESS))) {
      endpoint.close();
      LOG.info("joined run {} as rank {} of {}; all in this JVM", runId, rank, size);
      String attempt = runId + " " + context.stageAttemptNumber();
      return SharedGroups.member(attempt, rank, size, settings.timeout(), killed);
    }
    // All are there and listen, so this takes no time that depends on what they did before.
    Deadline connected = new Deadline(settings.timeout(), killed);
    Ring ring = Ring.connect(endpoint, members, settings, connected, killed);
    LOG.info("joined run {} as rank {} of {}; {}", runId, rank, size, settings.protection());
    return new SparkProcessGroup(rank, size, ring);
  }

  /** A group over a ring that a test has connected. */
  static SparkProcessGroup over(Ring ring, int rank, int size) {
    return new SparkProcessGroup(rank, size, ring);
  }

  @Override
  public int rank() {
    return rank;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public Work allReduceAsync(Tensor tensor, ReduceOp op) {
    return start(
        Call.allReduce(tensor.dtype(), op, tensor.numel(), fingerprint(tensor.layout())), tensor);
  }

  @Override
  public Work reduceScatterAsync(Tensor tensor, ReduceOp op) {
    int layout = fingerprint(tensor.layout());
    return start(Call.reduceScatter(tensor.dtype(), op, tensor.numel(), layout), tensor);
  }

  @Override
  public Work allGatherAsync(Tensor tensor) {
    int layout = fingerprint(tensor.layout());
    return start(Call.allGather(tensor.dtype(), tensor.numel(), layout), tensor);
  }

  @Override
  public void broadcast(Tensor tensor, int root) {
    if (root < 0 || root >= size) {
      throw new DistributedException(
          "broadcast from rank " + root + ", but the group's ranks are 0 to " + (size - 1));
    }
    start(
            Call.broadcast(tensor.dtype(), root, tensor.numel(), fingerprint(tensor.layout())),
            tensor)
        .await();
  }

  @Override
  public void barrier() {
    await(submit(Call.barrier(), 0));
  }

  @Override
  public void abort(Throwable cause) {
    if (ring != null) {
      ring.abort(cause);
    } else if (aborted == null) {
      aborted = new DistributedException("rank 0 of 1 failed first: " + cause, cause);
    }
  }

  @Override
  public void close() {
    if (ring != null) {
      ring.close();
    }
  }

  private Work start(Call call, Tensor tensor) {
    if (tensor.device().type() != Device.Type.CPU) {
      throw new DeviceException(
          call + ": the tensor is on " + tensor.device() + "; move it to the CPU with to()");
    }
    if (!tensor.layout().isDense()) {
      throw new ShapeException(
          call + ": the tensor is a view with gaps or overlaps; take contiguous() of it");
    }
    Storage storage = tensor.storage();
    storage.checkWritable(call.toString());
    storage.bumpVersion();
    // The tensor may be closed while its bytes are still on the way.
    storage.retain();
    CompletableFuture<Void> done =
        submit(call, tensor.address()).whenComplete((nothing, problem) -> storage.release());
    return () -> await(done);
  }

  private CompletableFuture<Void> submit(Call call, long address) {
    if (ring != null) {
      return ring.submit(call, address);
    }
    return aborted == null
        ? CompletableFuture.completedFuture(null)
        : CompletableFuture.failedFuture(aborted);
  }

  /** Waits without a limit: the ring ends every call, by its own deadline at the latest. */
  private void await(CompletableFuture<Void> call) {
    try {
      call.get();
    } catch (ExecutionException e) {
      throw new DistributedException(e.getCause().getMessage(), e.getCause());
    } catch (InterruptedException e) {
      abort(e);
      Thread.currentThread().interrupt();
      throw new DistributedException("rank " + rank + " was interrupted in a collective call", e);
    }
  }

  /** Equal for tensors whose elements correspond by their position in memory. */
  private static int fingerprint(Layout layout) {
    int hash = layout.shape().hashCode();
    for (int dim = 0; dim < layout.rank(); dim++) {
      hash = 31 * hash + (layout.size(dim) > 1 ? Long.hashCode(layout.stride(dim)) : 0);
    }
    return hash;
  }
}
