package io.kindling.distributed;

import io.kindling.memory.Storage;
import io.kindling.tensor.Tensor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * Where the threads of an {@link InProcessGroup} meet: the n-th operation of each member is the
 * same one. The memory that a member brings is held until the operation ends, so a member that
 * fails and closes its tensors cannot pull it away.
 */
final class Meeting {
  private final int size;
  private final Duration timeout;
  private final boolean[] left;
  private final Map<Long, Round> rounds = new HashMap<>();
  private DistributedException failure;

  Meeting(int size, Duration timeout) {
    this.size = size;
    this.timeout = timeout;
    this.left = new boolean[size];
  }

  /** What the last member to come does with everybody's memory. */
  interface Action {
    void run(long[] addresses, long elements);
  }

  int size() {
    return size;
  }

  synchronized Work enter(long sequence, int rank, String operation, Tensor tensor, Action action) {
    checkFailure();
    if (left[rank]) {
      throw new DistributedException(operation + ": rank " + rank + " has closed its group");
    }
    Round round = rounds.computeIfAbsent(sequence, n -> new Round(operation));
    if (!round.operation.equals(operation)) {
      fail(
          "rank "
              + rank
              + " called "
              + operation
              + " where another called "
              + round.operation
              + "; all ranks must make the same calls in the same order",
          null);
      throw failure;
    }
    round.arrive(rank, tensor);
    if (round.arrived == size) {
      rounds.remove(sequence);
      try {
        action.run(round.addresses, tensor == null ? 0 : tensor.numel());
      } finally {
        round.release();
      }
      round.done = true;
      notifyAll();
    } else {
      failIfSomeoneLeft(round);
    }
    return () -> await(round);
  }

  private synchronized void await(Round round) {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!round.done) {
      checkFailure();
      long millis = (deadline - System.nanoTime()) / 1_000_000 + 1;
      if (millis <= 0 || !waited(millis)) {
        fail(
            round.operation
                + ": "
                + round.absent()
                + " did not come within "
                + timeout.toMillis()
                + " ms",
            null);
      }
    }
  }

  private boolean waited(long millis) {
    try {
      wait(millis);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail("a member was interrupted while it waited", e);
      return true;
    }
  }

  /** Makes all present and later operations fail; the first cause stands. */
  synchronized void fail(String message, Throwable cause) {
    if (failure == null) {
      failure = new DistributedException(message, cause);
      rounds.values().forEach(Round::release);
      rounds.clear();
      notifyAll();
    }
  }

  synchronized void leave(int rank) {
    left[rank] = true;
    List.copyOf(rounds.values()).forEach(this::failIfSomeoneLeft);
  }

  private void failIfSomeoneLeft(Round round) {
    for (int rank = 0; rank < size; rank++) {
      if (left[rank] && !round.here[rank]) {
        fail(round.operation + ": rank " + rank + " has closed its group", null);
        return;
      }
    }
  }

  /** Each member gets an exception of its own, with its own stack. */
  private void checkFailure() {
    if (failure != null) {
      throw new DistributedException(failure.getMessage(), failure);
    }
  }

  /** One operation, until all have come. */
  private final class Round {
    private final String operation;
    private final boolean[] here = new boolean[size];
    private final long[] addresses = new long[size];
    private final List<Storage> held = new ArrayList<>();
    private int arrived;
    private boolean done;

    Round(String operation) {
      this.operation = operation;
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

    void release() {
      held.forEach(Storage::release);
      held.clear();
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
