package io.kindling.bench.model;

import java.util.Locale;

/** Rows a second from a cached DataFrame into tensors of {@link #BATCH} rows. */
public record FeedCase(Kind kind) implements Case {
  /** Rows of a tensor. */
  public static final int BATCH = 512;

  /** The column. */
  public enum Kind {
    /** Spark ML's dense vectors: 784 doubles. */
    VECTOR(784, Double.BYTES),
    /** {@code array<float>}, 784 of them. */
    ARRAY(784, Float.BYTES),
    /** One {@code double}. */
    NUMBER(1, Double.BYTES);

    private final int width;
    private final int bytes;

    Kind(int width, int bytes) {
      this.width = width;
      this.bytes = bytes;
    }

    /** Values of a row. */
    public int width() {
      return width;
    }
  }

  @Override
  public String suite() {
    return "feed";
  }

  @Override
  public String name() {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public Unit unit() {
    return Unit.ROWS_PER_SECOND;
  }

  @Override
  public double flops() {
    return 0;
  }

  /** Of a row: its values are read once, and written once as float32. */
  @Override
  public double bytes() {
    return (double) kind.width * (kind.bytes + Float.BYTES);
  }
}
