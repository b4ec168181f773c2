package io.kindling.spark.comm;

import io.kindling.distributed.InProcessGroup;
import io.kindling.distributed.ProcessGroup;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BooleanSupplier;

/**
 * Groups whose members are all tasks of this JVM, as in local mode or on one large executor: they
 * add up each other's memory and need no ring. A group is known by its run and attempt, so tasks of
 * several runs do not meet.
 */
final class SharedGroups {
  /** Names this JVM, or what one class loader has of it; tasks that share it share memory. */
  static final String PROCESS = UUID.randomUUID().toString();

  /**
   * Those that some task has still to take its member of. A task that died on its way never does:
   * when nobody can be waiting for it any more, its group goes.
   */
  private static final Map<String, SharedGroups> GROUPS = new HashMap<>();

  private final List<ProcessGroup> members;
  private final AtomicReferenceArray<BooleanSupplier> killed;
  private final Duration timeout;
  private final long made = System.nanoTime();
  private int taken;

  private SharedGroups(int size, Duration timeout) {
    this.timeout = timeout;
    this.killed = new AtomicReferenceArray<>(size);
    this.members = InProcessGroup.create(size, timeout, this::isKilled);
  }

  /**
   * A task's member of the group that all tasks of {@code run} share; each task takes it once.
   *
   * @param run names the run and its attempt
   * @param timeout how long a member waits for the others in a call
   * @param killed whether Spark has killed the task; polled
   */
  static ProcessGroup member(
      String run, int rank, int size, Duration timeout, BooleanSupplier killed) {
    synchronized (GROUPS) {
      GROUPS.values().removeIf(SharedGroups::isOver);
      SharedGroups group = GROUPS.computeIfAbsent(run, key -> new SharedGroups(size, timeout));
      group.killed.set(rank, killed);
      if (++group.taken == size) {
        GROUPS.remove(run);
      }
      return group.members.get(rank);
    }
  }

  /** How many groups have members that no task has taken. */
  static int incomplete() {
    synchronized (GROUPS) {
      return GROUPS.size();
    }
  }

  private boolean isOver() {
    return System.nanoTime() - made > timeout.toNanos();
  }

  private boolean isKilled(int rank) {
    BooleanSupplier asked = killed.get(rank);
    return asked != null && asked.getAsBoolean();
  }
}
