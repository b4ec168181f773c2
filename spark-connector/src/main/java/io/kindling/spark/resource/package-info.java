/**
 * What a task and a cluster have to offer: threads, devices, slots. {@link
 * io.kindling.spark.resource.TaskResources} is a task's, {@link
 * io.kindling.spark.resource.ClusterSlots} the cluster's.
 */
package io.kindling.spark.resource;
