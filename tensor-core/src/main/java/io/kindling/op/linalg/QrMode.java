package io.kindling.op.linalg;

/** How much of a QR decomposition of {@code (M, N)} is wanted. */
public enum QrMode {
  /** {@code Q (M, K)} and {@code R (K, N)}, with K the smaller of M and N. */
  REDUCED,
  /** {@code Q (M, M)} and {@code R (M, N)}. */
  COMPLETE,
  /** R as when reduced; an empty tensor for Q. */
  R
}
