package io.kindling.tensor;

import io.kindling.KindlingException;

/**
 * How tensors are shown by {@link Tensor#toString}, as {@code torch.set_printoptions} says it:
 *
 * <pre>{@code
 * PrintOptions.set(PrintOptions.DEFAULT.withPrecision(2).withThreshold(20));
 * }</pre>
 *
 * @param precision digits after the point
 * @param threshold with more elements than this only the edges of each dimension are shown
 * @param edgeItems how many elements an edge has
 * @param lineWidth columns of a line
 * @param sciMode whether floating values are shown as {@code 1.0000e+05}; null chooses by the
 *     values
 */
public record PrintOptions(
    int precision, long threshold, int edgeItems, int lineWidth, Boolean sciMode) {
  public static final PrintOptions DEFAULT = new PrintOptions(4, 1000, 3, 80, null);

  /** Two digits, and edges of two elements. */
  public static final PrintOptions SHORT = new PrintOptions(2, 1000, 2, 80, null);

  /** All elements of any tensor. */
  public static final PrintOptions FULL = new PrintOptions(4, Long.MAX_VALUE, 3, 80, null);

  private static volatile PrintOptions current = DEFAULT;

  public PrintOptions {
    if (precision < 0 || threshold < 0 || edgeItems < 0 || lineWidth < 0) {
      throw new KindlingException(
          "PrintOptions: expected no number below 0, got precision "
              + precision
              + ", threshold "
              + threshold
              + ", edgeItems "
              + edgeItems
              + " and lineWidth "
              + lineWidth);
    }
  }

  /** The options in force. */
  public static PrintOptions get() {
    return current;
  }

  /** Sets the options of all threads. */
  public static void set(PrintOptions options) {
    current = options;
  }

  public PrintOptions withPrecision(int digits) {
    return new PrintOptions(digits, threshold, edgeItems, lineWidth, sciMode);
  }

  public PrintOptions withThreshold(long elements) {
    return new PrintOptions(precision, elements, edgeItems, lineWidth, sciMode);
  }

  public PrintOptions withEdgeItems(int elements) {
    return new PrintOptions(precision, threshold, elements, lineWidth, sciMode);
  }

  public PrintOptions withLineWidth(int columns) {
    return new PrintOptions(precision, threshold, edgeItems, columns, sciMode);
  }

  public PrintOptions withSciMode(Boolean scientific) {
    return new PrintOptions(precision, threshold, edgeItems, lineWidth, scientific);
  }
}
