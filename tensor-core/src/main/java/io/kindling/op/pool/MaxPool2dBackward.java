package io.kindling.op.pool;

import io.kindling.ShapeException;
import io.kindling.backend.cpu.ArrayLength;
import io.kindling.memory.OffHeap;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.DType;
import io.kindling.tensor.Layout;
import io.kindling.tensor.MemoryFormat;
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
    Op.checkCount(name(), inputs, 2);
    Shape windows = inputs[0].shape();
    if (!windows.equals(pool.result(name(), input))
        || !windows.equals(inputs[1].shape())
        || inputs[1].dtype() != DType.INT64) {
      throw new ShapeException(
          "maxPool2dBackward: gradient "
              + windows
              + " and "
              + inputs[1].dtype()
              + " positions "
              + inputs[1].shape()
              + " do not fit input "
              + input
              + "; expected what maxPool2d returned for it");
    }
    Layout layout = Layout.of(input, inputs[0].layout().format());
    return Op.one(new Spec(layout, inputs[0].dtype()));
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    boolean float32 = inputs[0].dtype() == DType.FLOAT32 && outputs[0].dtype() == DType.FLOAT32;
    for (MemoryFormat format : MemoryFormat.values()) {
      if (float32 && allIn(format, inputs[0], inputs[1], outputs[0])) {
        scatter(inputs[0], inputs[1], outputs[0], format == MemoryFormat.CHANNELS_LAST);
        return;
      }
    }
    Layout from = inputs[0].layout();
    Layout indices = inputs[1].layout();
    Layout to = outputs[0].layout();
    DType dtype = outputs[0].dtype();
    int bytes = dtype.bytes();
    int plane = ArrayLength.of(to.size(2), to.size(3));
    double[] sums = new double[plane];
    for (long n = 0; n < from.size(0); n++) {
      for (long c = 0; c < from.size(1); c++) {
        java.util.Arrays.fill(sums, 0);
        for (long y = 0; y < from.size(2); y++) {
          for (long x = 0; x < from.size(3); x++) {
            long at = inputs[1].storage().address() + 8 * indices.position(n, c, y, x);
            long source = inputs[0].storage().address() + bytes * from.position(n, c, y, x);
            sums[(int) checked(OffHeap.getLong(at), plane)] += dtype.readDouble(source);
          }
        }
        for (int i = 0; i < plane; i++) {
          long offset = to.position(n, c, i / to.size(3), i % to.size(3));
          dtype.writeDouble(outputs[0].storage().address() + offset * bytes, sums[i]);
        }
      }
    }
  }

  private static boolean allIn(MemoryFormat format, Tensor... tensors) {
    for (Tensor tensor : tensors) {
      if (!tensor.layout().isContiguous(format)) {
        return false;
      }
    }
    return true;
  }

  private static long checked(long position, long plane) {
    if (position < 0 || position >= plane) {
      throw new ShapeException(
          "maxPool2dBackward: position " + position + " is outside a plane of " + plane);
    }
    return position;
  }

  /** Adds each gradient to its place, in the order of memory: 1 ns where the walk takes 18. */
  private static void scatter(Tensor gradient, Tensor indices, Tensor output, boolean last) {
    long plane = output.size(2) * output.size(3);
    long channels = output.size(1);
    long windows = gradient.size(2) * gradient.size(3);
    long lines = gradient.size(0) * (last ? windows : channels);
    long length = last ? channels : windows;
    long source = gradient.address();
    long index = indices.address();
    long target = output.address();
    OffHeap.zero(target, 4 * output.numel());
    for (long line = 0; line < lines; line++) {
      long base = target + 4 * plane * (last ? line / windows * channels : line);
      for (long i = 0; i < length; i++, source += 4, index += 8) {
        long position = checked(OffHeap.getLong(index), plane);
        long at = base + 4 * (last ? position * channels + i : position);
        OffHeap.putFloat(at, OffHeap.getFloat(at) + OffHeap.getFloat(source));
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
