package io.kindling.distributed;

import io.kindling.autograd.RemovableHandle;
import io.kindling.memory.Scope;
import io.kindling.nn.Module;
import io.kindling.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A network that is trained by several members of a group, each on its own rows.
 *
 * <pre>{@code
 * network.zeroGrad();
 * lossSum(network.forward(myRows)).div(rowsOfAllRanks).backward();
 * network.synchronizeGradients();
 * optimizer.step();
 * }</pre>
 *
 * <p>Gradients are <em>summed</em> over the ranks, so each rank divides its loss by the number of
 * rows of all ranks together; a rank without rows calls {@link #synchronizeGradients} all the same.
 * A parameter that got a gradient on some ranks only counts as zero on the others; one that got
 * none on any has none afterwards.
 *
 * <p>Gradients travel in buckets. Backward reaches the last layers first, so buckets are cut from
 * the parameters in reverse; as soon as one is full its gradients are added up, while backward goes
 * on with earlier layers. The first bucket is small, so that the network has something to do early.
 * Buckets start in the same order on every rank, whatever order gradients arrive in, and so the
 * same inputs give the same bits.
 *
 * <p>A {@link ZeroRedundancyOptimizer} takes the place of {@code synchronizeGradients} and the
 * optimiser, and divides the update among the ranks.
 *
 * <p>At the start every rank takes over rank 0's parameters and buffers. Buffers are not kept equal
 * afterwards. When a rank fails between two calls, it must {@code abort} the group, or the others
 * wait until their deadline.
 */
public final class DistributedDataParallel extends Module {
  public static final long BUCKET_BYTES = 1 << 20;
  public static final long FIRST_BUCKET_BYTES = 1 << 16;

  private final Module module;
  private final ProcessGroup group;
  private final List<GradientBucket> buckets = new ArrayList<>();
  private final List<RemovableHandle> hooks = new ArrayList<>();
  private boolean sharded;
  private int started;

  public DistributedDataParallel(Module module, ProcessGroup group) {
    this(module, group, FIRST_BUCKET_BYTES, BUCKET_BYTES);
  }

  /**
   * Takes over the module, which is closed with this one; the group remains the caller's. A
   * collective operation: every rank makes it.
   *
   * @param firstBucketBytes about how large the first bucket is, in bytes
   * @param bucketBytes about how large the others are, in bytes
   * @throws DistributedException if the ranks' modules differ in names, shapes or types
   */
  public DistributedDataParallel(
      Module module, ProcessGroup group, long firstBucketBytes, long bucketBytes) {
    this.module = child("module", module);
    this.group = group;
    checkSameModule();
    for (Tensor tensor : module.stateDict().values()) {
      group.broadcast(tensor, 0);
    }
    List<Tensor> trained = new ArrayList<>(module.parameters());
    trained.removeIf(parameter -> !parameter.requiresGrad());
    Collections.reverse(trained);
    for (List<Tensor> cut : GradientBucket.cut(trained, firstBucketBytes, bucketBytes)) {
      GradientBucket bucket = new GradientBucket(cut);
      buckets.add(bucket);
      for (int i = 0; i < cut.size(); i++) {
        int index = i;
        hooks.add(
            cut.get(i)
                .registerPostAccumulateGradHook(gradient -> arrived(bucket, index, gradient)));
      }
    }
  }

  @Override
  public Tensor forward(Tensor input) {
    return module.forward(input);
  }

  /** The network without this wrapper. */
  public Module module() {
    return module;
  }

  /**
   * Waits until every gradient is the sum over all ranks. Every rank calls it after each backward
   * pass, or instead of one.
   *
   * @throws DistributedException if this rank or another failed, or if a {@link
   *     ZeroRedundancyOptimizer} adds the gradients up
   */
  public void synchronizeGradients() {
    if (sharded) {
      throw new DistributedException(
          "synchronizeGradients: this network's ZeroRedundancyOptimizer adds up the gradients, a"
              + " part on each rank; call its step() alone");
    }
    awaitSums();
    for (GradientBucket bucket : buckets) {
      for (int i = 0; i < bucket.parameters().size(); i++) {
        Tensor sum = bucket.gradients().parts().get(i);
        bucket.parameters().get(i).setGrad(bucket.isPresent(i) ? sum : null);
      }
    }
  }

  /** From now on each rank gets the sums of its own segment of each bucket only. */
  void shard() {
    sharded = true;
  }

  ProcessGroup group() {
    return group;
  }

  List<GradientBucket> buckets() {
    return buckets;
  }

  /** Waits until the buckets hold sums over all ranks. */
  void awaitSums() {
    try (Scope scope = Scope.open()) {
      while (started < buckets.size()) {
        buckets.get(started++).start(group, sharded);
      }
      long[] mine = buckets.stream().flatMapToLong(GradientBucket::arrived).toArray();
      Tensor counts = Tensor.of(mine);
      Work counted = group.allReduceAsync(counts, ReduceOp.SUM);
      buckets.forEach(GradientBucket::await);
      counted.await();
      long[] ranks = counts.toLongArray();
      int from = 0;
      for (GradientBucket bucket : buckets) {
        from = bucket.finish(ranks, from);
      }
      started = 0;
    }
  }

  @Override
  public void close() {
    hooks.forEach(RemovableHandle::remove); // the parameters may live on elsewhere
    buckets.forEach(GradientBucket::close);
    super.close();
  }

  private void arrived(GradientBucket bucket, int index, Tensor gradient) {
    bucket.put(index, gradient);
    while (started < buckets.size() && buckets.get(started).isFull()) {
      buckets.get(started++).start(group, sharded);
    }
  }

  private void checkSameModule() {
    StringBuilder description = new StringBuilder();
    module
        .stateDict()
        .forEach((key, t) -> description.append(key).append(t.shape()).append(t.dtype()));
    long mine = description.toString().hashCode();
    try (Scope scope = Scope.open()) {
      Tensor extremes = Tensor.of(new long[] {mine, -mine});
      group.allReduce(extremes, ReduceOp.MIN);
      if (extremes.toLongArray()[0] != -extremes.toLongArray()[1]) {
        throw new DistributedException(
            "rank "
                + group.rank()
                + ": the ranks' networks differ in names, shapes or types; build the same on all");
      }
    }
  }
}
