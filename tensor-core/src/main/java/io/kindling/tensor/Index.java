package io.kindling.tensor;

import java.util.OptionalLong;

/**
 * What {@link Tensor#get} and {@link Tensor#set} take besides integers, tensors and arrays, for a
 * static import: {@code x.get(all(), 1)} is {@code x[:, 1]}, {@code x.get(ellipsis(), range(0, -1,
 * 2), newAxis())} is {@code x[..., 0:-1:2, None]}.
 */
public final class Index {
  enum Kind {
    RANGE,
    ELLIPSIS,
    NEW_AXIS
  }

  private static final Index ALL =
      new Index(Kind.RANGE, OptionalLong.empty(), OptionalLong.empty(), 1);
  private static final Index ELLIPSIS =
      new Index(Kind.ELLIPSIS, OptionalLong.empty(), OptionalLong.empty(), 1);
  private static final Index NEW_AXIS =
      new Index(Kind.NEW_AXIS, OptionalLong.empty(), OptionalLong.empty(), 1);

  final Kind kind;
  private final OptionalLong start;
  private final OptionalLong end;
  final long step;

  private Index(Kind kind, OptionalLong start, OptionalLong end, long step) {
    this.kind = kind;
    this.start = start;
    this.end = end;
    this.step = step;
  }

  /** The whole dimension: {@code :}. */
  public static Index all() {
    return ALL;
  }

  /** All dimensions that no other item speaks of: {@code ...}. */
  public static Index ellipsis() {
    return ELLIPSIS;
  }

  /** A new dimension of size 1: {@code None}. */
  public static Index newAxis() {
    return NEW_AXIS;
  }

  /**
   * Elements from {@code start} up to, not including, {@code end}: {@code start:end}. Negative ones
   * count from the dimension's end; what lies beyond it is left out.
   */
  public static Index range(long start, long end) {
    return range(start, end, 1);
  }

  /** Every {@code step}-th of these elements: {@code start:end:step}. */
  public static Index range(long start, long end, long step) {
    return new Index(Kind.RANGE, OptionalLong.of(start), OptionalLong.of(end), step);
  }

  /** {@code start:}. */
  public static Index from(long start) {
    return from(start, 1);
  }

  /** {@code start::step}. */
  public static Index from(long start, long step) {
    return new Index(Kind.RANGE, OptionalLong.of(start), OptionalLong.empty(), step);
  }

  /** {@code :end}. */
  public static Index until(long end) {
    return until(end, 1);
  }

  /** {@code :end:step}. */
  public static Index until(long end, long step) {
    return new Index(Kind.RANGE, OptionalLong.empty(), OptionalLong.of(end), step);
  }

  /** The first element in a dimension of this size. */
  long first(long size) {
    return clamp(start.orElse(0), size);
  }

  /** One past the last element in a dimension of this size; not before the first. */
  long last(long size) {
    return Math.max(first(size), clamp(end.orElse(size), size));
  }

  private static long clamp(long place, long size) {
    return Math.min(Math.max(place < 0 ? place + size : place, 0), size);
  }

  /** As Python writes it. */
  @Override
  public String toString() {
    return switch (kind) {
      case ELLIPSIS -> "...";
      case NEW_AXIS -> "None";
      case RANGE -> text(start) + ":" + text(end) + (step == 1 ? "" : ":" + step);
    };
  }

  private static String text(OptionalLong place) {
    return place.isPresent() ? Long.toString(place.getAsLong()) : "";
  }
}
