package io.kindling.bench.model;

import java.util.List;

/** One thing to measure. */
public sealed interface Case permits ChainCase, NetworkCase, OpCase {
  String suite();

  String name();

  /** Floating-point operations (a multiplication and an addition are two) that cannot be saved. */
  double flops();

  /** Bytes that must be read and written at least; 0 if the floor is arithmetic alone. */
  double bytes();

  /** The orders in memory that a side may choose from. */
  List<Format> formats();
}
