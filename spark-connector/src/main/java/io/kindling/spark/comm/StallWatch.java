package io.kindling.spark.comm;

import java.time.Duration;

/**
 * Whom to blame when a call makes no progress.
 *
 * <p>When one member of a ring stops, everyone waits for the member before it, and time-outs strike
 * everywhere at once. So each member sends a heartbeat down the ring with the rank it holds up its
 * call for: itself while its task has made no call, otherwise whoever the member before it names,
 * or that member itself once its heartbeats have ceased. All time-outs then name the same rank.
 *
 * <p>Used by the ring's event loop only.
 */
final class StallWatch {
  private final long timeout;
  private final int previous;
  private long lastProgress = System.nanoTime();
  private long lastTick = lastProgress;
  private long lastHeartbeat = lastProgress;
  private int named;

  /**
   * @param timeout after which a call without progress is a failure; half of it without a heartbeat
   *     is silence
   * @param previous the rank before this one
   */
  StallWatch(Duration timeout, int previous) {
    this.timeout = timeout.toNanos();
    this.previous = previous;
    this.named = previous;
  }

  /** A byte came or went, or a call began. */
  void progressed() {
    lastProgress = System.nanoTime();
  }

  /** A heartbeat of the member before came, which names a rank. */
  void heard(int rank) {
    named = rank;
    lastHeartbeat = System.nanoTime();
  }

  /** To be called many times within the time-out. */
  void tick() {
    long now = System.nanoTime();
    if (now - lastTick > timeout / 2) {
      // This process was suspended. What arrived meanwhile has not been read yet.
      lastProgress = now;
      lastHeartbeat = now;
    }
    lastTick = now;
  }

  boolean isStalled() {
    return System.nanoTime() - lastProgress > timeout;
  }

  /** The rank for which the member before holds up a call, or that member if it is silent. */
  int culprit() {
    boolean silent = System.nanoTime() - lastHeartbeat > timeout / 2;
    return silent ? previous : named;
  }
}
