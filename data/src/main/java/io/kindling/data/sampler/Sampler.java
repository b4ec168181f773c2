package io.kindling.data.sampler;

import java.util.PrimitiveIterator;

/** An order of a dataset's indices for each epoch. */
public interface Sampler {
  /** How many indices an epoch has. */
  long size();

  /** The indices of an epoch; the same epoch gives the same indices. */
  PrimitiveIterator.OfLong indices(long epoch);
}
