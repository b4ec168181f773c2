package io.kindling.bench.model;

import java.util.List;
import java.util.Locale;

/**
 * One operation without a gradient on float32. What {@code sizes} means is said at each kind.
 *
 * @param scale "small", "medium" or "large"
 */
public record OpCase(Kind kind, String scale, List<Long> sizes) implements StepCase {
  /** The operations, each with the meaning of its sizes. */
  public enum Kind {
    /** (n): {@code (n, n)} by {@code (n, n)}. */
    MATMUL,
    /** (N, C, S, O): 3x3, padding 1, {@code (N, C, S, S)} to {@code (N, O, S, S)}, with bias. */
    CONV,
    /** (n): two tensors {@code (n)}. */
    ADD,
    /** (n). */
    RELU,
    /** (n). */
    EXP,
    /** (n): all to one number. */
    SUM,
    /** (rows, columns): over rows, as a bias's gradient. */
    SUM_ROWS,
    /** (rows, columns): of each row. */
    SOFTMAX
  }

  private static final int FLOAT = 4;

  public OpCase {
    sizes = List.copyOf(sizes);
  }

  public long size(int index) {
    return sizes.get(index);
  }

  @Override
  public String suite() {
    return "ops";
  }

  @Override
  public String name() {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', '-') + "-" + scale;
  }

  @Override
  public double flops() {
    return switch (kind) {
      case MATMUL -> 2.0 * size(0) * size(0) * size(0);
      case CONV -> 2.0 * size(0) * size(1) * size(2) * size(2) * size(3) * 9;
      case ADD, RELU, EXP, SUM, SUM_ROWS, SOFTMAX -> 0;
    };
  }

  @Override
  public double bytes() {
    return FLOAT
        * switch (kind) {
          case MATMUL -> 3.0 * size(0) * size(0);
          case CONV -> size(0) * size(2) * size(2) * (size(1) + size(3)) + 9.0 * size(1) * size(3);
          case ADD -> 3.0 * size(0);
          case RELU, EXP -> 2.0 * size(0);
          case SUM -> size(0);
          case SUM_ROWS -> (size(0) + 1.0) * size(1);
          case SOFTMAX -> 2.0 * size(0) * size(1);
        };
  }

  @Override
  public List<Format> formats() {
    return kind == Kind.CONV ? List.of(Format.values()) : List.of(Format.NCHW);
  }

  /** The shape of the first input. */
  public long[] inputShape() {
    return switch (kind) {
      case MATMUL -> new long[] {size(0), size(0)};
      case CONV -> new long[] {size(0), size(1), size(2), size(2)};
      case ADD, RELU, EXP, SUM -> new long[] {size(0)};
      case SUM_ROWS, SOFTMAX -> new long[] {size(0), size(1)};
    };
  }

  /** The shape of the second input, or null. */
  public long[] otherShape() {
    return switch (kind) {
      case MATMUL, ADD -> inputShape();
      case CONV -> new long[] {size(3), size(1), 3, 3};
      case RELU, EXP, SUM, SUM_ROWS, SOFTMAX -> null;
    };
  }
}
