/** A standalone Spark cluster of real processes, for tests of this module and of those above it. */
package io.kindling.spark.cluster;
