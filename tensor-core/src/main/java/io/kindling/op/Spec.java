package io.kindling.op;

import io.kindling.tensor.DType;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Shape;

/**
 * What an operation's output will look like.
 *
 * @param layout shape and order in memory of the new tensor
 * @param dtype its element type
 */
public record Spec(Layout layout, DType dtype) {
  /** A contiguous output. */
  public static Spec of(Shape shape, DType dtype) {
    return new Spec(Layout.contiguous(shape), dtype);
  }

  public Shape shape() {
    return layout.shape();
  }
}
