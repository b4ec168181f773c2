package io.kindling.bench.model;

/** A case made ready on one side. Used by one thread. */
public interface Work extends AutoCloseable {
  /** What is timed. */
  void run();

  /**
   * A number that both sides must agree on: the loss after {@link #CHECK_STEPS} steps, the sum of a
   * result. Called once, before anything is timed.
   */
  double check();

  /** Training steps before the check. */
  int CHECK_STEPS = 3;

  @Override
  void close();
}
