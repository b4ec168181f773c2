package io.kindling.data.sampler;

import java.util.PrimitiveIterator;
import java.util.stream.LongStream;

/** The indices from 0 to {@code size - 1}, in order. */
public record SequentialSampler(long size) implements Sampler {
  @Override
  public PrimitiveIterator.OfLong indices(long epoch) {
    return LongStream.range(0, size).iterator();
  }
}
