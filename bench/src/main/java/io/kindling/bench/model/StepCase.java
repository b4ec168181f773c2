package io.kindling.bench.model;

import java.util.List;

/** A step that both sides repeat while it is timed. */
public sealed interface StepCase extends Case permits ChainCase, NetworkCase, OpCase {
  @Override
  default Unit unit() {
    return Unit.MICROSECONDS;
  }

  /** The orders in memory that a side may choose from. */
  List<Format> formats();
}
