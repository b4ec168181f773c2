package io.kindling.distributed;

/**
 * A range of a tensor's elements. A reduction cuts a tensor into as many segments as there are
 * members and combines segment k from rank k upwards, then from rank 0: the order in which a ring
 * does it. So a sum has the same bits whether the members share a JVM or not.
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
