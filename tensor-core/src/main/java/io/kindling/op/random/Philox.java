package io.kindling.op.random;

/**
 * Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel random
 * numbers: as easy as 1, 2, 3" (SC 2011): ten rounds turn a 128-bit counter and a 64-bit key into
 * 128 random bits.
 */
public final class Philox {
  private static final int ROUNDS = 10;
  private static final long LOW = 0xffffffffL;
  private static final long MULTIPLIER_0 = 0xD2511F53L;
  private static final long MULTIPLIER_2 = 0xCD9E8D57L;
  private static final int WEYL_0 = 0x9E3779B9;
  private static final int WEYL_1 = 0xBB67AE85;

  private Philox() {}

  /**
   * Replaces the counter, four 32-bit words from the lowest, by the random bits of that counter.
   */
  public static void block(int[] counter, long key) {
    int c0 = counter[0];
    int c1 = counter[1];
    int c2 = counter[2];
    int c3 = counter[3];
    int k0 = (int) key;
    int k1 = (int) (key >>> 32);
    for (int round = 0; round < ROUNDS; round++) {
      long product0 = MULTIPLIER_0 * (c0 & 0xffffffffL);
      long product2 = MULTIPLIER_2 * (c2 & 0xffffffffL);
      c0 = (int) (product2 >>> 32) ^ c1 ^ k0;
      c2 = (int) (product0 >>> 32) ^ c3 ^ k1;
      c1 = (int) product2;
      c3 = (int) product0;
      k0 += WEYL_0;
      k1 += WEYL_1;
    }
    counter[0] = c0;
    counter[1] = c1;
    counter[2] = c2;
    counter[3] = c3;
  }

  /**
   * The {@code count} blocks from a position of a seed's stream on, four words each, as {@link
   * #block} makes them one by one.
   *
   * @param work four arrays of at least {@code count}
   */
  public static void fill(long seed, long position, long[][] work, int[] words, int count) {
    for (int i = 0; i < count; i++) {
      work[0][i] = (position + i) & LOW;
      work[1][i] = (position + i) >>> 32;
      work[2][i] = 0;
      work[3][i] = 0;
    }
    int k0 = (int) seed;
    int k1 = (int) (seed >>> 32);
    for (int round = 0; round < ROUNDS; round++) {
      round(work[0], work[1], work[2], work[3], count, k0 & LOW, k1 & LOW);
      k0 += WEYL_0;
      k1 += WEYL_1;
    }
    for (int i = 0; i < count; i++) {
      words[4 * i] = (int) work[0][i];
      words[4 * i + 1] = (int) work[1][i];
      words[4 * i + 2] = (int) work[2][i];
      words[4 * i + 3] = (int) work[3][i];
    }
  }

  /** One round of many blocks, each word in the lower half of a long. */
  private static void round(
      long[] c0, long[] c1, long[] c2, long[] c3, int count, long k0, long k1) {
    for (int i = 0; i < count; i++) {
      long product0 = MULTIPLIER_0 * c0[i];
      long product2 = MULTIPLIER_2 * c2[i];
      c0[i] = product2 >>> 32 ^ c1[i] ^ k0;
      c2[i] = product0 >>> 32 ^ c3[i] ^ k1;
      c1[i] = product2 & LOW;
      c3[i] = product0 & LOW;
    }
  }

  /** The block at a position of the stream of a seed. */
  static void at(long seed, long position, int[] words) {
    at(seed, position, 0, words);
  }

  /** One of many blocks at a position. */
  static void at(long seed, long position, int block, int[] words) {
    words[0] = (int) position;
    words[1] = (int) (position >>> 32);
    words[2] = block;
    words[3] = 0;
    block(words, seed);
  }
}
