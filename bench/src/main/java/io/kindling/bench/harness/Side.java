package io.kindling.bench.harness;

/** Who does the work. */
public enum Side {
  OURS,
  PEER
}
