package io.kindling.tensor;

/** The order in memory of a tensor whose logical shape is {@code (N, C, H, W)}. */
public enum MemoryFormat {
  /** Rows of the last dimension are adjacent: N, C, H, W. */
  CONTIGUOUS,
  /** The channels of a pixel are adjacent: N, H, W, C. Convolutions run fastest on it. */
  CHANNELS_LAST
}
