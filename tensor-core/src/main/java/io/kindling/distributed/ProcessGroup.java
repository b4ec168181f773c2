package io.kindling.distributed;

import io.kindling.tensor.Tensor;

/**
 * A fixed number of members that take part in collective operations, all of them in the same order.
 *
 * <p>Values are combined in an order that depends only on the number of members and on the tensor's
 * size, so the same inputs give the same bits. Every wait has a deadline; when a member fails, all
 * others fail with its message instead of waiting.
 */
public interface ProcessGroup extends AutoCloseable {
  /** This member's number, from 0. */
  int rank();

  /** How many members there are. */
  int size();

  /**
   * Starts to replace the values of a dense float32, float64 or int64 CPU tensor on every member by
   * the combination of all members' values. The tensor must not be touched before the work is done.
   *
   * @throws io.kindling.DTypeException for another type
   * @throws io.kindling.ShapeException if the tensor is not dense
   * @throws DistributedException if members call different things, or one failed
   */
  Work allReduceAsync(Tensor tensor, ReduceOp op);

  /** Starts and waits; see {@link #allReduceAsync}. */
  default void allReduce(Tensor tensor, ReduceOp op) {
    allReduceAsync(tensor, op).await();
  }

  /**
   * The first half of an all-reduce: starts to replace the values in this rank's {@link Segment} of
   * a tensor, as for {@link #allReduceAsync}, by the combination of all members' values there, with
   * the same bits. The other segments' values are undefined afterwards. In place, and of any number
   * of elements; otherwise as PyTorch's {@code reduce_scatter_tensor}.
   *
   * @throws io.kindling.DTypeException for another type
   * @throws io.kindling.ShapeException if the tensor is not dense
   * @throws DistributedException if members call different things, or one failed
   */
  Work reduceScatterAsync(Tensor tensor, ReduceOp op);

  /** Starts and waits; see {@link #reduceScatterAsync}. */
  default void reduceScatter(Tensor tensor, ReduceOp op) {
    reduceScatterAsync(tensor, op).await();
  }

  /**
   * The second half of an all-reduce: starts to replace the values in every other rank's {@link
   * Segment} of a dense CPU tensor of any type by those that this rank has there, bit for bit. In
   * place; otherwise as PyTorch's {@code all_gather_into_tensor}.
   *
   * @throws io.kindling.ShapeException if the tensor is not dense
   * @throws DistributedException if members call different things, or one failed
   */
  Work allGatherAsync(Tensor tensor);

  /** Starts and waits; see {@link #allGatherAsync}. */
  default void allGather(Tensor tensor) {
    allGatherAsync(tensor).await();
  }

  /** Replaces the values of a dense CPU tensor of any type by those of the root's, bit for bit. */
  void broadcast(Tensor tensor, int root);

  /** Waits until every member has come here. */
  void barrier();

  /** Makes every member's present and later operations fail with this cause. */
  void abort(Throwable cause);

  /** Leaves the group; may wait until the other members leave too. */
  @Override
  void close();
}
