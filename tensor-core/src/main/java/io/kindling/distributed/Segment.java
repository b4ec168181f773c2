package io.kindling.distributed;

/**
 * A range of a tensor's elements, in their order in memory. Reductions and gathers cut a tensor
 * into as many segments as there are members; segment k is rank k's. It is combined from rank k+1
 * upwards, then from rank 0, with rank k's own values last: the order in which a ring does it. So a
 * sum has the same bits whether the members share a JVM or not, and each has all of it or a part.
 *
 * @param start its first element
 * @param end one past its last
 */
public record Segment(long start, long end) {
  /** Segment {@code index} of {@code count}; written so that no product can overflow. */
  public static Segment of(long elements, int index, int count) {
    long quotient = elements / count;
    long remainder = elements % count;
    return new Segment(
        quotient * index + remainder * index / count,
        quotient * (index + 1) + remainder * (index + 1) / count);
  }

  /** How many elements there are. */
  public long elements() {
    return end - start;
  }
}
