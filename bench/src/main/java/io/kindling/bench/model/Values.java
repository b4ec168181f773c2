package io.kindling.bench.model;

import java.util.Random;

/** The same numbers for both sides. */
public final class Values {
  private Values() {}

  /** Uniform between -bound and bound. */
  public static float[] uniform(long seed, long count, double bound) {
    Random random = new Random(seed);
    float[] values = new float[Math.toIntExact(count)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
    }
    return values;
  }

  /** Classes from 0 to classes - 1. */
  public static long[] classes(long seed, int count, int classes) {
    return new Random(seed).longs(count, 0, classes).toArray();
  }

  /** The initial value of a network's parameter: {@code 1 / sqrt(fan in)} bounds it. */
  public static float[] parameter(int index, long[] shape) {
    long count = product(shape, 0);
    return uniform(1000 + index, count, 1 / Math.sqrt(Math.max(1, product(shape, 1))) / 2);
  }

  public static long product(long[] shape, int from) {
    long product = 1;
    for (int i = from; i < shape.length; i++) {
      product *= shape[i];
    }
    return product;
  }
}
