package io.kindling.tensor;

import java.security.SecureRandom;

/**
 * A source of random numbers: a seed, and how far its stream has been used. The stream is
 * Philox4x32-10 (Salmon et al. 2011), in which every number is a function of the seed and its
 * position, so an operation takes a range of positions and fills its result in any order, on any
 * number of threads and on any device, with the same values. Safe for use by several threads.
 *
 * <p>Seed and offset together are the whole state: a checkpoint saves the two numbers.
 */
public final class Generator {
  private static final Generator DEFAULT = new Generator(new SecureRandom().nextLong());

  private long seed;
  private long offset;

  public Generator(long seed) {
    this.seed = seed;
  }

  /** The process's own, seeded differently in each process unless {@link #manualSeed} is called. */
  public static Generator defaultGenerator() {
    return DEFAULT;
  }

  /** Starts the stream of {@code seed} from its beginning. */
  public synchronized Generator manualSeed(long seed) {
    this.seed = seed;
    this.offset = 0;
    return this;
  }

  /** The seed of the stream that is in use. */
  public synchronized long initialSeed() {
    return seed;
  }

  /** Starts a stream with a seed that nobody knows beforehand, and returns it. */
  public long seed() {
    long fresh = new SecureRandom().nextLong();
    manualSeed(fresh);
    return fresh;
  }

  /** Returns to a saved state. */
  public synchronized Generator setState(State state) {
    seed = state.seed();
    offset = state.offset();
    return this;
  }

  /** What {@link #setState} returns to. */
  public synchronized State state() {
    return new State(seed, offset);
  }

  /** Takes the next {@code blocks} blocks of 128 bits of the stream and says where they start. */
  public synchronized State reserve(long blocks) {
    State start = new State(seed, offset);
    offset += blocks;
    return start;
  }

  /**
   * A position in a stream.
   *
   * @param seed which stream
   * @param offset the position, in blocks of 128 bits
   */
  public record State(long seed, long offset) {}
}
