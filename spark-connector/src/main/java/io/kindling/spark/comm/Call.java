package io.kindling.spark.comm;

import io.kindling.distributed.ReduceOp;
import io.kindling.tensor.DType;

/**
 * What a member asks of the group. All members must make equal calls in the same order; every data
 * frame carries the sender's call, so that a difference is an error and not a wrong sum.
 *
 * @param root the rank that sends, for a broadcast; 0 otherwise
 * @param elements the number of elements of each member's tensor
 * @param layout a fingerprint of the tensor's shape and order in memory
 */
record Call(Kind kind, DType dtype, ReduceOp reduceOp, int root, long elements, int layout) {
  /** The collectives; a frame names one by its position. */
  enum Kind {
    ALL_REDUCE,
    REDUCE_SCATTER,
    ALL_GATHER,
    BROADCAST,
    BARRIER
  }

  static Call allReduce(DType dtype, ReduceOp reduceOp, long elements, int layout) {
    Reduction.checkSupported(dtype);
    return new Call(Kind.ALL_REDUCE, dtype, reduceOp, 0, elements, layout);
  }

  static Call reduceScatter(DType dtype, ReduceOp reduceOp, long elements, int layout) {
    Reduction.checkSupported(dtype);
    return new Call(Kind.REDUCE_SCATTER, dtype, reduceOp, 0, elements, layout);
  }

  static Call allGather(DType dtype, long elements, int layout) {
    return new Call(Kind.ALL_GATHER, dtype, ReduceOp.SUM, 0, elements, layout);
  }

  static Call broadcast(DType dtype, int root, long elements, int layout) {
    return new Call(Kind.BROADCAST, dtype, ReduceOp.SUM, root, elements, layout);
  }

  static Call barrier() {
    return new Call(Kind.BARRIER, DType.INT64, ReduceOp.SUM, 0, 0, 0);
  }

  @Override
  public String toString() {
    String what = elements + " " + dtype + " in layout " + Integer.toHexString(layout);
    return switch (kind) {
      case ALL_REDUCE -> "all-reduce " + reduceOp + " of " + what;
      case REDUCE_SCATTER -> "reduce-scatter " + reduceOp + " of " + what;
      case ALL_GATHER -> "all-gather of " + what;
      case BROADCAST -> "broadcast from rank " + root + " of " + what;
      case BARRIER -> "barrier";
    };
  }
}
