package io.kindling.op.view;

import io.kindling.ShapeException;
import io.kindling.op.GradientContext;
import io.kindling.op.ViewOp;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;

/**
 * The diagonal of two dimensions, which becomes the last dimension.
 *
 * @param diagonal 0 for the main one, positive ones lie above it, negative ones below
 */
public record Diagonal(long diagonal, int first, int second) implements ViewOp {
  @Override
  public Layout view(Layout input) {
    Shape shape = input.shape();
    int rows = shape.dim(first);
    int columns = shape.dim(second);
    if (rows == columns || shape.rank() < 2) {
      throw new ShapeException(
          "diagonal: expected two different dimensions of "
              + shape
              + ", got "
              + first
              + " and "
              + second);
    }
    long down = Math.max(-Math.max(diagonal, -Long.MAX_VALUE), 0);
    long right = Math.max(diagonal, 0);
    long count = Math.max(0, Math.min(shape.size(rows) - down, shape.size(columns) - right));
    long[] sizes = new long[shape.rank() - 1];
    long[] strides = new long[shape.rank() - 1];
    int at = 0;
    for (int d = 0; d < shape.rank(); d++) {
      if (d != rows && d != columns) {
        sizes[at] = shape.size(d);
        strides[at++] = input.stride(d);
      }
    }
    sizes[at] = count;
    strides[at] = input.stride(rows) + input.stride(columns);
    // An empty diagonal starts nowhere.
    long skipped = count == 0 ? 0 : down * input.stride(rows) + right * input.stride(columns);
    return Layout.strided(Shape.of(sizes), strides, input.offset() + skipped);
  }

  @Override
  public Tensor gradient(GradientContext context, Tensor gradient) {
    return ViewBackward.of(this, context.inputSpec(0), gradient);
  }
}
