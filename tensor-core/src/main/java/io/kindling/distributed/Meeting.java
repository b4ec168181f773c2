package io.kindling.distributed;

import io.kindling.memory.Storage;
import io.kindling.tensor.Tensor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Where the threads of an {@link InProcessGroup} meet: the n-th operation of each member is the
 * same one.
 *
 * <p>Nothing is computed before all have come; then each member that waits takes parts of the work
 * until none is left, so a member that is still busy elsewhere holds nobody up. The memory that a
 * member brings is held until the operation ends, so a member that fails and closes its tensors
 * cannot pull it away.
 */
final class Meeting {
  /** How often a waiting member looks whether its task was killed. */
  private static final long LOOK_MILLIS = 100;

  private final int size;
  private final Duration timeout;
  private final boolean[] left;

  /** Operations that some member has not come to, by their number. */
  private final Map<Long, Round> rounds = new HashMap<>();

  /** Operations that all have come to, and whose work is not done. */
  private final Set<Round> running = new HashSet<>();

  private DistributedException failure;

  Meeting(int size, Duration timeout) {
    this.size = size;
    this.timeout = timeout;
    this.left = new boolean[size];
  }

  /** What is done with everybody's memory, in parts that any thread may do at any time. */
  interface Action {
    int parts(long elements);

    void run(int part, long[] addresses, long elements);
  }

  int size() {
    return size;
  }

  /**
   * @param killed whether this member is to give up waiting; polled
   */
  synchronized Work enter(
      long sequence,
      int rank,
      String operation,
      Tensor tensor,
      Action action,
      BooleanSupplier killed) {
    checkFailure(rank);
    if (left[rank]) {
      throw new DistributedException(operation + ": rank " + rank + " has closed its group");
    }
    long elements = tensor == null ? 0 : tensor.numel();
    Round round = rounds.computeIfAbsent(sequence, n -> new Round(operation, action, elements));
    if (!round.operation.equals(operation)) {
      fail(
          rank,
          "it called "
              + operation
              + " where another called "
              + round.operation
              + "; all ranks must make the same calls in the same order",
          null);
      checkFailure(rank);
    }
    round.arrive(rank, tensor);
    if (round.arrived == size) {
      rounds.remove(sequence);
      running.add(round);
      if (round.parts == 0) {
        finish(round);
      }
      notifyAll();
    } else {
      failIfSomeoneLeft(round);
    }
    return () -> {
      awaitArrivals(round, rank, killed);
      round.work();
      awaitEnd(round);
    };
  }

  private synchronized void awaitArrivals(Round round, int rank, BooleanSupplier killed) {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (round.arrived < size) {
      checkFailure(rank);
      long millis = (deadline - System.nanoTime()) / 1_000_000 + 1;
      if (killed.getAsBoolean()) {
        fail(rank, "its task was killed", null);
      } else if (millis <= 0) {
        fail(
            round.firstAbsent(),
            round.operation
                + ": "
                + round.absent()
                + " did not come within "
                + timeout.toMillis()
                + " ms",
            null);
      } else {
        waitFor(Math.min(millis, LOOK_MILLIS), rank);
      }
    }
  }

  /** Others may still be at parts of the work; they compute and wait for nothing. */
  private synchronized void awaitEnd(Round round) {
    boolean interrupted = false;
    while (!round.done) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void waitFor(long millis, int rank) {
    try {
      wait(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail(rank, "it was interrupted while it waited", e);
    }
  }

  private synchronized void finish(Round round) {
    if (running.remove(round)) {
      round.release();
      round.done = true;
      notifyAll();
    }
  }

  /** Makes all later operations fail, and those that someone is missing from; the first stands. */
  synchronized void fail(int culprit, String reason, Throwable cause) {
    if (failure == null) {
      failure =
          new DistributedException(
              "rank " + culprit + " of " + size + " failed first: " + reason, cause);
      rounds.values().forEach(Round::release);
      rounds.clear();
      notifyAll();
    }
  }

  synchronized void leave(int rank) {
    left[rank] = true;
    List.copyOf(rounds.values()).forEach(this::failIfSomeoneLeft);
    boolean allLeft = true;
    for (boolean gone : left) {
      allLeft &= gone;
    }
    if (allLeft) {
      // Work that nobody waited for; there is no one left to do it.
      List.copyOf(running).forEach(this::finish);
    }
  }

  private void failIfSomeoneLeft(Round round) {
    for (int rank = 0; rank < size; rank++) {
      if (left[rank] && !round.here[rank]) {
        fail(rank, "it has closed its group before " + round.operation, null);
        return;
      }
    }
  }

  /** Each member gets an exception of its own, with its own stack. */
  private void checkFailure(int rank) {
    if (failure != null) {
      throw new DistributedException(
          failure.getMessage() + " (this is rank " + rank + ")", failure);
    }
  }

  /** One operation. */
  private final class Round {
    private final String operation;
    private final Action action;
    private final long elements;
    private final int parts;
    private final boolean[] here = new boolean[size];
    private final long[] addresses = new long[size];
    private final List<Storage> held = new ArrayList<>();
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private int arrived;
    private boolean done;

    Round(String operation, Action action, long elements) {
      this.operation = operation;
      this.action = action;
      this.elements = elements;
      this.parts = action.parts(elements);
    }

    void arrive(int rank, Tensor tensor) {
      here[rank] = true;
      arrived++;
      if (tensor != null) {
        Storage storage = tensor.storage();
        storage.retain();
        storage.bumpVersion();
        held.add(storage);
        addresses[rank] = tensor.address();
      }
    }

    /** Does parts until none is left to begin. */
    void work() {
      for (int part = begun.getAndIncrement(); part < parts; part = begun.getAndIncrement()) {
        try {
          action.run(part, addresses, elements);
        } finally {
          if (ended.incrementAndGet() == parts) {
            finish(this);
          }
        }
      }
    }

    void release() {
      held.forEach(Storage::release);
      held.clear();
    }

    int firstAbsent() {
      int rank = 0;
      while (here[rank]) {
        rank++;
      }
      return rank;
    }

    String absent() {
      StringJoiner ranks = new StringJoiner(" and ");
      for (int rank = 0; rank < size; rank++) {
        if (!here[rank]) {
          ranks.add("rank " + rank);
        }
      }
      return ranks.toString();
    }
  }
}
