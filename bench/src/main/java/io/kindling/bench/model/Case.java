package io.kindling.bench.model;

/** One thing to measure. */
public sealed interface Case permits FeedCase, MemoryCase, SparkCase, StepCase {
  String suite();

  String name();

  /** What its figures are given in. */
  Unit unit();

  /**
   * Floating-point operations of a step or a row (a multiplication and an addition are two) that
   * cannot be saved; 0 if the floor is traffic alone.
   */
  double flops();

  /**
   * Bytes of a step or a row that must be read and written at least; 0 if the floor is arithmetic
   * alone.
   */
  double bytes();
}
