package io.kindling.op.pool;

import io.kindling.ShapeException;
import io.kindling.op.Dispatch;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.DType;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;

/**
 * The largest value of each window of {@code (N, C, H, W)}. Outputs, both {@code (N, C, H', W')} in
 * the input's memory format: the values, and as int64 their position {@code row * W + column} in
 * the input's plane. NaN counts as the largest; of equal values the first wins.
 *
 * @param ceilMode whether a last window that starts inside the image or its left padding counts
 *     though it reaches beyond the right padding
 */
public record MaxPool2d(
    int kernelH,
    int kernelW,
    int strideH,
    int strideW,
    int padH,
    int padW,
    int dilationH,
    int dilationW,
    boolean ceilMode)
    implements Op {
  public MaxPool2d {
    if (kernelH < 1
        || kernelW < 1
        || strideH < 1
        || strideW < 1
        || dilationH < 1
        || dilationW < 1) {
      throw new ShapeException(
          "maxPool2d: kernel size, stride and dilation must be positive, got ("
              + kernelH
              + ", "
              + kernelW
              + "), ("
              + strideH
              + ", "
              + strideW
              + ") and ("
              + dilationH
              + ", "
              + dilationW
              + ")");
    }
    if (padH < 0 || padW < 0 || padH > kernelH / 2 || padW > kernelW / 2) {
      throw new ShapeException(
          "maxPool2d: padding must be from 0 to half the kernel size, got ("
              + padH
              + ", "
              + padW
              + ") for a kernel of ("
              + kernelH
              + ", "
              + kernelW
              + ")");
    }
  }

  @Override
  public Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 1);
    Shape out = result(name(), inputs[0].shape());
    Layout layout = Layout.of(out, inputs[0].layout().format());
    return new Spec[] {new Spec(layout, inputs[0].dtype()), new Spec(layout, DType.INT64)};
  }

  /** The outputs' shape; fails if a window does not fit. */
  Shape result(String op, Shape x) {
    if (x.rank() != 4 || x.size(2) < 1 || x.size(3) < 1) {
      throw new ShapeException(
          op + ": expected an input (N, C, H, W) with H and W of at least 1, got " + x);
    }
    if (x.size(2) > Integer.MAX_VALUE / x.size(3)) {
      throw new ShapeException(
          op + ": a plane has at most " + Integer.MAX_VALUE + " elements, got " + x);
    }
    long height = outputSize(x.size(2), kernelH, strideH, padH, dilationH);
    long width = outputSize(x.size(3), kernelW, strideW, padW, dilationW);
    if (height < 1 || width < 1) {
      throw new ShapeException(op + ": the window does not fit the padded input " + x);
    }
    checkWindows(x.size(2), height, kernelH, strideH, padH, dilationH);
    checkWindows(x.size(3), width, kernelW, strideW, padW, dilationW);
    return Shape.of(x.size(0), x.size(1), height, width);
  }

  private long outputSize(long size, int kernel, int stride, int pad, int dilation) {
    long room = size + 2L * pad - (long) dilation * (kernel - 1) - 1;
    if (room < 0 && !ceilMode) {
      return 0;
    }
    long count = Math.floorDiv(room + (ceilMode ? stride - 1 : 0), stride) + 1;
    // The last window must start inside the image or its left padding.
    return ceilMode && (count - 1) * stride >= size + pad ? count - 1 : count;
  }

  /** With a dilation, a window may have all its places in the padding. */
  private static void checkWindows(
      long size, long count, int kernel, int stride, int pad, int dilation) {
    for (long i = 0; dilation > 1 && pad > 0 && i < count; i++) {
      long first = i * stride - pad;
      long inside = inside(first, dilation);
      if (inside >= size || inside > first + (long) dilation * (kernel - 1)) {
        throw new ShapeException(
            "maxPool2d: window "
                + i
                + " covers padding only: size "
                + size
                + ", kernel "
                + kernel
                + ", stride "
                + stride
                + ", padding "
                + pad
                + ", dilation "
                + dilation
                + "; use less padding");
      }
    }
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    Layout to = outputs[0].layout();
    Layout indices = outputs[1].layout();
    DType dtype = outputs[0].dtype();
    long values = outputs[0].storage().address();
    long positions = outputs[1].storage().address();
    for (long n = 0; n < to.size(0); n++) {
      for (long c = 0; c < to.size(1); c++) {
        for (long y = 0; y < to.size(2); y++) {
          for (long x = 0; x < to.size(3); x++) {
            long best = best(inputs[0], n, c, y, x);
            long target = values + to.position(n, c, y, x) * dtype.bytes();
            copy(inputs[0], n, c, best, target);
            DType.INT64.writeLong(positions + 8 * indices.position(n, c, y, x), best);
          }
        }
      }
    }
  }

  private static void copy(Tensor x, long n, long c, long position, long target) {
    long width = x.size(3);
    long offset = x.layout().position(n, c, position / width, position % width);
    long source = x.storage().address() + offset * x.dtype().bytes();
    io.kindling.memory.OffHeap.copy(source, target, x.dtype().bytes());
  }

  private long best(Tensor input, long n, long c, long y, long x) {
    DType dtype = input.dtype();
    long height = input.size(2);
    long width = input.size(3);
    long best = -1;
    double largest = 0;
    long top = y * strideH - padH;
    long left = x * strideW - padW;
    long bottom = Math.min(height - 1, top + (kernelH - 1L) * dilationH);
    long right = Math.min(width - 1, left + (kernelW - 1L) * dilationW);
    for (long row = inside(top, dilationH); row <= bottom; row += dilationH) {
      for (long column = inside(left, dilationW); column <= right; column += dilationW) {
        long offset = input.layout().position(n, c, row, column);
        double value = dtype.readDouble(input.storage().address() + offset * dtype.bytes());
        if (best < 0 || value > largest || Double.isNaN(value)) {
          largest = value;
          best = row * width + column;
        }
      }
    }
    return best;
  }

  /** The first place of a window that is not in the padding before the image. */
  private static long inside(long first, long dilation) {
    return first >= 0 ? first : Math.floorMod(first, dilation);
  }

  @Override
  public boolean savesOutput(int index) {
    return index == 1;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Op backward = new MaxPool2dBackward(this, context.inputSpec(0).shape());
    return new Tensor[] {Dispatch.run(backward, gradients[0], context.output(1))};
  }
}
