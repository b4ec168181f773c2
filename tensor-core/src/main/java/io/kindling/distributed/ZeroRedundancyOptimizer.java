package io.kindling.distributed;

import io.kindling.memory.Scope;
import io.kindling.optim.Optimizer;
import io.kindling.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * An optimiser whose work and memory are divided among the ranks, as PyTorch's {@code
 * ZeroRedundancyOptimizer} (S. Rajbhandari et al., "ZeRO: memory optimizations toward training
 * trillion parameter models", 2020; there stage 1).
 *
 * <pre>{@code
 * var network = new DistributedDataParallel(module, group);
 * var optimizer = new ZeroRedundancyOptimizer(network, shard -> new Adam(shard, 1e-3));
 * ...
 * lossSum(network.forward(myRows)).div(rowsOfAllRanks).backward();
 * optimizer.step();
 * }</pre>
 *
 * <p>An all-reduce of gradients is a reduce-scatter and an all-gather. Here the optimiser steps
 * between the two: each rank gets the summed gradients of its own {@link Segment} of each bucket,
 * changes the parameters there, and it is the parameters that all ranks then gather. The bytes sent
 * are the same, the optimiser's time and state are divided by the number of ranks, and where each
 * element changes by itself, as in SGD, Adam and AdamW, so are the bits of the parameters.
 *
 * <p>For that parameters lie in flat memory like the gradients: they keep their handles and get
 * other memory. The optimiser inside sees pieces of one dimension, cut where parameters and
 * segments end, so options of its own for one parameter, or a state dictionary by parameter, need
 * the optimiser of the whole ({@link DistributedDataParallel#synchronizeGradients}). A parameter
 * that got no gradient on any rank is left alone.
 */
public final class ZeroRedundancyOptimizer implements AutoCloseable {
  private final DistributedDataParallel network;
  private final List<Shard> shards = new ArrayList<>();
  private final Tensor nothing = Scope.detach(Tensor.zeros(0));
  private final Optimizer optimizer;

  /**
   * Lays the network's parameters into flat memory; from now on {@link #step} adds up the
   * gradients.
   *
   * @param network remains the caller's; to be closed after this
   * @param optimizer makes the optimiser of the given pieces of parameters; closed with this
   */
  public ZeroRedundancyOptimizer(
      DistributedDataParallel network, Function<List<Tensor>, Optimizer> optimizer) {
    this.network = network;
    network.shard();
    try {
      network.buckets().forEach(bucket -> shards.add(new Shard(bucket, network.group())));
      List<Tensor> pieces = new ArrayList<>();
      shards.forEach(shard -> pieces.addAll(shard.pieces()));
      if (pieces.isEmpty() && !network.parameters().isEmpty()) {
        pieces.add(nothing); // more ranks than elements, or all is frozen
      }
      this.optimizer = optimizer.apply(pieces);
    } catch (RuntimeException | Error e) {
      closeShards();
      throw e;
    }
  }

  /** The optimiser of this rank's part, whose options must be set alike on all ranks. */
  public Optimizer optim() {
    return optimizer;
  }

  /**
   * Waits for this rank's part of the sums of all gradients, changes its part of the parameters,
   * and waits for those of the others; the parameters have no gradients afterwards. Every rank
   * calls it after each backward pass, or instead of one.
   *
   * @throws DistributedException if this rank or another failed
   */
  public void step() {
    network.awaitSums();
    shards.forEach(Shard::setGradients);
    optimizer.step();
    List<Work> gathers = new ArrayList<>();
    shards.forEach(shard -> gathers.add(shard.gather()));
    gathers.forEach(Work::await);
    shards.forEach(Shard::gathered);
  }

  /** Leaves the network its parameters. */
  @Override
  public void close() {
    optimizer.close();
    closeShards();
  }

  private void closeShards() {
    shards.forEach(Shard::close);
    nothing.close();
  }
}
