/**
 * What a task and a cluster have to offer: threads, devices, types that are fast, slots. {@link
 * io.kindling.spark.resource.TaskResources} is a task's, {@link
 * io.kindling.spark.resource.ClusterSlots} the cluster's.
 */
package io.kindling.spark.resource;
