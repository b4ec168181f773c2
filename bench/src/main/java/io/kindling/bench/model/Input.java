package io.kindling.bench.model;

import java.util.Arrays;
import java.util.List;

/**
 * An operand of an operation, with the same values on all sides.
 *
 * @param bound what values lie below, without their sign
 */
public record Input(Type type, double bound, List<Long> shape) {
  /** What values it has. */
  public enum Type {
    /** float32, between -bound and bound. */
    UNIFORM(4),
    /** float32, between 0 and bound. */
    POSITIVE(4),
    /** As {@link #UNIFORM}, rounded. */
    BFLOAT16(2),
    /** int64, from 0 to bound - 1. */
    INDEX(8),
    /** bool, half of them true. */
    MASK(1);

    private final int bytes;

    Type(int bytes) {
      this.bytes = bytes;
    }
  }

  static Input uniform(double bound, long... shape) {
    return new Input(Type.UNIFORM, bound, boxed(shape));
  }

  static Input positive(long... shape) {
    return new Input(Type.POSITIVE, 1, boxed(shape));
  }

  static Input bfloat16(long... shape) {
    return new Input(Type.BFLOAT16, 1, boxed(shape));
  }

  static Input index(long bound, long... shape) {
    return new Input(Type.INDEX, bound, boxed(shape));
  }

  static Input mask(long... shape) {
    return new Input(Type.MASK, 1, boxed(shape));
  }

  private static List<Long> boxed(long... shape) {
    return Arrays.stream(shape).boxed().toList();
  }

  public long[] dimensions() {
    return shape.stream().mapToLong(Long::longValue).toArray();
  }

  /** How many numbers there are. */
  long count() {
    return Values.product(dimensions(), 0);
  }

  double bytes() {
    return (double) count() * type.bytes;
  }

  /** Whether it has a gradient. */
  public boolean isDifferentiable() {
    return type == Type.UNIFORM || type == Type.POSITIVE;
  }

  /**
   * The values of all types but {@link Type#INDEX}; a mask is true where they are above 0.
   *
   * @param seed another for each operand
   */
  public float[] values(long seed) {
    float[] values = Values.uniform(seed, count(), bound);
    if (type == Type.POSITIVE) {
      for (int i = 0; i < values.length; i++) {
        values[i] = Math.abs(values[i]);
      }
    }
    return values;
  }

  /** The values of {@link Type#INDEX}. */
  public long[] indices(long seed) {
    return Values.classes(seed, Math.toIntExact(count()), Math.toIntExact((long) bound));
  }
}
