package io.kindling.distributed;

/** How values of the members are combined. */
public enum ReduceOp {
  SUM,
  MAX,
  MIN
}
