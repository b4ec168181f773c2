package io.kindling.bench.model;

/** The order in memory that a side may choose; each is measured in the one that suits it best. */
public enum Format {
  NCHW,
  CHANNELS_LAST
}
