/** Tests of the all-reduce: rings over real sockets in one JVM, strangers, and real executors. */
package io.kindling.spark.comm;
