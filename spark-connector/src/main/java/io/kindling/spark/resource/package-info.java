/**
 * What a task, an executor and a cluster have to offer: threads, devices, types that are fast,
 * memory, slots. {@link io.kindling.spark.resource.TaskResources} is a task's, {@link
 * io.kindling.spark.resource.ExecutorMemory} an executor's, {@link
 * io.kindling.spark.resource.ClusterSlots} the cluster's.
 */
package io.kindling.spark.resource;
