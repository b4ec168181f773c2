package io.kindling.op.view;

import io.kindling.ShapeException;
import io.kindling.op.GradientContext;
import io.kindling.op.Spec;
import io.kindling.op.ViewOp;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import java.util.Arrays;

/**
 * Windows of {@code size} neighbours in a dimension, each {@code step} after the one before; they
 * become the last dimension, and the dimension counts the windows.
 */
public record Unfold(int dim, long size, long step) implements ViewOp {
  @Override
  public Layout view(Layout input) {
    Shape shape = input.shape();
    int at = shape.dim(dim);
    long length = shape.rank() == 0 ? 1 : shape.size(at);
    if (size < 0 || size > length || step < 1) {
      throw new ShapeException(
          "unfold: windows of "
              + size
              + " in steps of "
              + step
              + " do not fit dimension "
              + at
              + " of "
              + shape
              + "; expected 0 <= size <= "
              + length
              + " and step >= 1");
    }
    int rank = shape.rank();
    long[] sizes = Arrays.copyOf(shape.toArray(), rank + 1);
    long[] strides = Arrays.copyOf(input.strides(), rank + 1);
    sizes[rank] = size;
    strides[rank] = rank == 0 ? 1 : strides[at];
    if (rank > 0) {
      sizes[at] = (length - size) / step + 1;
      strides[at] *= sizes[at] > 1 ? step : 1; // of a single window the step may be any number
    }
    return Layout.strided(Shape.of(sizes), strides, input.offset());
  }

  @Override
  public Tensor gradient(GradientContext context, Tensor gradient) {
    Spec whole = context.inputSpec(0);
    Shape shape = whole.shape();
    if (shape.rank() == 0) {
      return gradient.sum();
    }
    int at = shape.dim(dim);
    Tensor places = Tensor.arange(shape.size(at)).unfold(0, size, step).reshape(-1);
    Tensor windows = gradient.movedim(-1, at + 1).flatten(at, at + 1);
    return Tensor.zeros(shape, gradient.dtype(), gradient.device()).indexAdd(at, places, windows);
  }
}
