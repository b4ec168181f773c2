/**
 * The {@link io.kindling.distributed.ProcessGroup} over the tasks of a barrier stage.
 *
 * <p>{@link io.kindling.spark.comm.SparkProcessGroup#join} is the way in: each task calls it once.
 * Below it, from the outside in:
 *
 * <ul>
 *   <li>{@code Rendezvous} tells the tasks each other's addresses, once, through Spark's barrier;
 *   <li>{@code SharedGroups} is for tasks that all turn out to share a JVM, which need no ring;
 *   <li>{@code Endpoint} listens, connects to the next task, and lets only the expected peer in,
 *       through Spark's own authentication and encryption;
 *   <li>{@code PeerChannel} is one connection and speaks {@code Frame}s;
 *   <li>{@code Ring} runs one collective after the other and spreads a failure to every member;
 *       {@code StallWatch} finds out who holds it up;
 *   <li>{@code RingAllReduce} (which also does either half of one) and {@code RingBroadcast} are
 *       the collectives; {@code Reduction} is their arithmetic.
 * </ul>
 *
 * <p>Everything lives in objects that belong to one task; {@code SharedGroups} alone is static and
 * knows a group by its run and attempt, so only tasks that belong together meet. To add a
 * collective, extend {@code Collective}, name it there and in {@code Call.Kind}, and give it a
 * method in {@code SparkProcessGroup}. All mutable state below {@code Ring} is touched by the event
 * loop of its task only.
 */
package io.kindling.spark.comm;
