/**
 * Collective operations between the members of a group. {@link
 * io.kindling.distributed.ProcessGroup} is what a transport implements (in one JVM here, between
 * Spark executors in the connector); its contract is {@code ProcessGroupContractTest}.
 */
package io.kindling.distributed;
