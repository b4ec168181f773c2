package io.kindling.data;

/**
 * The numbers from 0 up in an order that is fixed by a key: on every machine, Java version and
 * thread the same. Durstenfeld's shuffle, fed by SplitMix64 (Steele, Lea, Flood: Fast Splittable
 * Pseudorandom Number Generators, 2014) and Lemire's unbiased bounded numbers (2019).
 */
public final class Permutation {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private long state;

  private Permutation(long[] key) {
    for (long part : key) {
      state = mix(state + GOLDEN) ^ part;
    }
  }

  /**
   * The numbers from 0 to {@code size - 1}, shuffled.
   *
   * @param key what the order depends on, such as a seed, an epoch and a rank
   */
  public static long[] of(long size, long... key) {
    if (size < 0 || size > Integer.MAX_VALUE - 8) {
      throw new DataException(
          "a permutation of "
              + size
              + " indices does not fit memory; shuffle parts of at most "
              + (Integer.MAX_VALUE - 8));
    }
    Permutation random = new Permutation(key);
    long[] order = new long[(int) size];
    for (int i = 0; i < order.length; i++) {
      int other = (int) random.below(i + 1L);
      order[i] = order[other];
      order[other] = i;
    }
    return order;
  }

  /** A number from 0 to {@code bound - 1}, for bounds that fit an int. */
  private long below(long bound) {
    long product = (nextLong() >>> 32) * bound;
    if ((product & 0xffffffffL) < bound) {
      long threshold = (1L << 32) % bound;
      while ((product & 0xffffffffL) < threshold) {
        product = (nextLong() >>> 32) * bound;
      }
    }
    return product >>> 32;
  }

  private long nextLong() {
    state += GOLDEN;
    return mix(state);
  }

  private static long mix(long value) {
    long z = (value ^ value >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }
}
