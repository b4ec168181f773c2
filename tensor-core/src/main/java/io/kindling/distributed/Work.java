package io.kindling.distributed;

/** A collective operation under way. */
public interface Work {
  /**
   * Waits until the operation has finished on this member.
   *
   * @throws DistributedException if it failed here or on another member, or took too long
   */
  void await();
}
