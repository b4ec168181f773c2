package io.kindling.spark.comm;

/**
 * Where a member listens, as the rendezvous tells it to the others.
 *
 * @param rank its partition in the barrier stage
 * @param token random, and known to the members of this run only; whoever connects must show it
 * @param process names the JVM that it runs in
 */
record Member(int rank, String host, int port, String token, String process) {}
