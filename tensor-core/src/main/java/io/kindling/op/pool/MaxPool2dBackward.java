package io.kindling.op.pool;

import io.kindling.backend.cpu.ArrayLength;
import io.kindling.op.Dispatch;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.DType;
import io.kindling.tensor.Layout;
import io.kindling.tensor.MemoryFormat;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import java.util.Arrays;

/**
 * The gradient of {@link MaxPool2d}: inputs {@code gradient (N, C, H', W')} and the places that the
 * forward pass found; output {@code (N, C, H, W)}. A place in the padding, which the forward pass
 * never finds, receives nothing.
 *
 * @param pool the forward operation
 * @param input the shape of its input
 * @param format the order of the output in memory, or null for the gradient's
 */
public record MaxPool2dBackward(MaxPool2d pool, Shape input, MemoryFormat format) implements Op {
  @Override
  public Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 2);
    pool.checkPlaces(name(), inputs[0], inputs[1], input);
    MemoryFormat order = format == null ? inputs[0].layout().format() : format;
    return Op.one(new Spec(Layout.of(input, order), inputs[0].dtype()));
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    Layout from = inputs[0].layout();
    Layout places = inputs[1].layout();
    Layout to = outputs[0].layout();
    DType dtype = outputs[0].dtype();
    DType placeType = inputs[1].dtype();
    int bytes = dtype.bytes();
    long height = to.size(2);
    long width = to.size(3);
    double[] sums = new double[ArrayLength.of(height, width)];
    for (long n = 0; n < from.size(0); n++) {
      for (long c = 0; c < from.size(1); c++) {
        Arrays.fill(sums, 0);
        for (long y = 0; y < from.size(2); y++) {
          for (long x = 0; x < from.size(3); x++) {
            long at =
                inputs[1].storage().address() + placeType.bytes() * places.position(n, c, y, x);
            long position = pool.position(placeType.readLong(at), y, x, height, width);
            long source = inputs[0].storage().address() + bytes * from.position(n, c, y, x);
            if (position >= 0) {
              sums[(int) position] += dtype.readDouble(source);
            }
          }
        }
        for (int i = 0; i < sums.length; i++) {
          long offset = to.position(n, c, i / width, i % width);
          dtype.writeDouble(outputs[0].storage().address() + offset * bytes, sums[i]);
        }
      }
    }
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return index == 1;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    // The values that the forward pass would have taken at the same positions.
    Tensor indices = Dispatch.run(new MaxPool2dIndices(pool, input), context.input(1));
    Tensor taken = gradients[0].flatten(2, 3).gather(2, indices.flatten(2, 3));
    return new Tensor[] {taken.view(indices.shape().toArray()), null};
  }
}
