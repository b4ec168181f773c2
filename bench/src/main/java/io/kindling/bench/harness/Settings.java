package io.kindling.bench.harness;

import io.kindling.bench.model.OpCase;
import io.kindling.bench.model.StepCase;

/**
 * How much is measured.
 *
 * @param threads of every process, each pinned to as many cores
 * @param rounds in which both sides take turns
 * @param warmUpSeconds of processor time before anything is timed
 * @param seconds of the clock that are timed, in each process
 * @param rows of the images of Spark's suites
 * @param data the folder with Fashion-MNIST's files; empty if images are made up
 */
public record Settings(
    int threads, int rounds, double warmUpSeconds, double seconds, int rows, String data) {
  /** How much less code an operation is than a network, and so is compiled sooner. */
  private static final double OPERATION = 0.25;

  /**
   * Those of a case: a quarter of the times and half the rounds for one operation, of which there
   * are many.
   */
  Settings of(StepCase one) {
    if (!(one instanceof OpCase)) {
      return this;
    }
    int fewer = (rounds + 1) / 2;
    return new Settings(threads, fewer, warmUpSeconds * OPERATION, seconds * OPERATION, rows, data);
  }
}
