package io.kindling.op;

/**
 * What autocast does with the floating inputs of an operation, float64 left aside, which it leaves
 * alone. PyTorch's lists for the CPU say which operation has which.
 */
public enum CastPolicy {
  /** Nothing: the operation calculates in the types that it is given. */
  NONE,

  /** The region's type, which is faster and has bits enough: products. */
  LOWER_PRECISION,

  /** Float32: losses, long products and matrix decompositions need its bits. */
  FLOAT32,

  /** Float32 if one of the inputs has it, else the region's type. */
  PROMOTE
}
