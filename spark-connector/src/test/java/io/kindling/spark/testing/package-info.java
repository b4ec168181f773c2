/** What tests with a Spark session share, in this module and in those above it. */
package io.kindling.spark.testing;
