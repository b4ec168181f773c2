/**
 * Collective operations between the members of a group, and training on them. {@link
 * io.kindling.distributed.ProcessGroup} is what a transport implements (in one JVM here, between
 * Spark executors in the connector); its contract is {@code ProcessGroupContractTest}. {@link
 * io.kindling.distributed.Segment} says whose part of a tensor is whose and in which order values
 * are combined, so that every transport gives the same bits.
 *
 * <p>{@link io.kindling.distributed.DistributedDataParallel} cuts a network's gradients into
 * buckets and starts to add up each as soon as backward has filled it. The sums end on every rank
 * for an optimiser of the whole, or in parts for a {@link
 * io.kindling.distributed.ZeroRedundancyOptimizer}, which divides the update among the ranks.
 */
package io.kindling.distributed;
