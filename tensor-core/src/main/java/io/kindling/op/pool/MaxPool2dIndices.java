package io.kindling.op.pool;

import io.kindling.ShapeException;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.DType;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;

/**
 * PyTorch's indices of {@link MaxPool2d}: input the places that it returned; output, int64 in the
 * same shape and order, {@code row * W + column} in the pooled input's plane.
 *
 * @param pool the forward operation
 * @param input the shape of its input
 */
public record MaxPool2dIndices(MaxPool2d pool, Shape input) implements Op {
  @Override
  public Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 1);
    pool.checkPlaces(name(), null, inputs[0], input);
    Layout layout = inputs[0].layout();
    return Op.one(new Spec(Layout.of(layout.shape(), layout.format()), DType.INT64));
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    Layout from = inputs[0].layout();
    Layout to = outputs[0].layout();
    DType dtype = inputs[0].dtype();
    long places = inputs[0].storage().address();
    long indices = outputs[0].storage().address();
    for (long n = 0; n < to.size(0); n++) {
      for (long c = 0; c < to.size(1); c++) {
        for (long y = 0; y < to.size(2); y++) {
          for (long x = 0; x < to.size(3); x++) {
            long place = dtype.readLong(places + dtype.bytes() * from.position(n, c, y, x));
            long position = pool.position(place, y, x, input.size(2), input.size(3));
            if (position < 0) {
              throw new ShapeException(
                  name()
                      + ": place "
                      + place
                      + " of window "
                      + y
                      + ", "
                      + x
                      + " is in the padding");
            }
            DType.INT64.writeLong(indices + 8 * to.position(n, c, y, x), position);
          }
        }
      }
    }
  }
}
