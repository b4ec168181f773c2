package io.kindling.op.pool;

import io.kindling.memory.OffHeap;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.DType;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;

/**
 * The gradient of {@link MaxPool2d}: inputs {@code gradient (N, C, H', W')} and the int64 positions
 * that the forward pass found; output {@code (N, C, H, W)} in the gradient's memory format.
 *
 * @param pool the forward operation
 * @param input the shape of its input
 */
public record MaxPool2dBackward(MaxPool2d pool, Shape input) implements Op {
  @Override
  public Spec[] infer(Tensor[] inputs) {
    Layout layout = Layout.of(input, inputs[0].layout().format());
    return Op.one(new Spec(layout, inputs[0].dtype()));
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    Layout from = inputs[0].layout();
    Layout indices = inputs[1].layout();
    Layout to = outputs[0].layout();
    DType dtype = outputs[0].dtype();
    int bytes = dtype.bytes();
    int plane = Math.toIntExact(to.size(2) * to.size(3));
    double[] sums = new double[plane];
    for (long n = 0; n < from.size(0); n++) {
      for (long c = 0; c < from.size(1); c++) {
        java.util.Arrays.fill(sums, 0);
        for (long y = 0; y < from.size(2); y++) {
          for (long x = 0; x < from.size(3); x++) {
            long at = inputs[1].storage().address() + 8 * indices.position(n, c, y, x);
            long source = inputs[0].storage().address() + bytes * from.position(n, c, y, x);
            sums[(int) OffHeap.getLong(at)] += dtype.readDouble(source);
          }
        }
        for (int i = 0; i < plane; i++) {
          long offset = to.position(n, c, i / to.size(3), i % to.size(3));
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
    Tensor indices = context.input(1);
    Tensor taken = gradients[0].flatten(2, 3).gather(2, indices.flatten(2, 3));
    return new Tensor[] {taken.view(indices.shape().toArray()), null};
  }
}
