package io.kindling.data.sampler;

import io.kindling.data.Permutation;
import java.util.Arrays;
import java.util.PrimitiveIterator;

/** Each index from 0 to {@code size - 1} once, in an order that the seed and the epoch fix. */
public record RandomSampler(long size, long seed) implements Sampler {
  @Override
  public PrimitiveIterator.OfLong indices(long epoch) {
    return Arrays.stream(Permutation.of(size, seed, epoch, 0)).iterator();
  }
}
