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
 * the input's memory format: the values, and the place in its window that each came from, {@code
 * row * kernelW + column}, as uint8, or int32 where a window has more than 256 places. NaN counts
 * as the largest; of equal values the first wins.
 *
 * <p>The place is what the gradient needs, in an eighth of the memory that PyTorch's positions
 * take; {@link MaxPool2dIndices} makes those of it.
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
    if ((long) kernelH * kernelW > Integer.MAX_VALUE) {
      throw new ShapeException(
          "maxPool2d: a window has at most "
              + Integer.MAX_VALUE
              + " places, got a kernel of ("
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
    return new Spec[] {new Spec(layout, inputs[0].dtype()), new Spec(layout, placeType())};
  }

  /** How many places a window has. */
  public int places() {
    return kernelH * kernelW;
  }

  /** The type of the second output. */
  DType placeType() {
    return places() <= 256 ? DType.UINT8 : DType.INT32;
  }

  /**
   * Fails unless a tensor is of the size and type of the places of an input of shape {@code x}, and
   * a gradient, unless it is null, of the size of the output.
   */
  void checkPlaces(String op, Tensor gradient, Tensor places, Shape x) {
    Shape windows = result(op, x);
    boolean fits = gradient == null || gradient.shape().equals(windows);
    if (!fits || !places.shape().equals(windows) || places.dtype() != placeType()) {
      throw new ShapeException(
          op
              + ": "
              + (gradient == null ? "" : "gradient " + gradient.shape() + " and ")
              + places.dtype()
              + " places "
              + places.shape()
              + " do not fit input "
              + x
              + "; expected what maxPool2d returned for it");
    }
  }

  /**
   * The position in the plane, {@code row * width + column}, of a place of the window at row {@code
   * y} and column {@code x} of the output; -1 if it lies in the padding.
   */
  long position(long place, long y, long x, long height, long width) {
    if (place < 0 || place >= places()) {
      throw new ShapeException(
          "maxPool2d: place " + place + " is outside a window of " + places() + " places");
    }
    long row = y * strideH - padH + place / kernelW * dilationH;
    long column = x * strideW - padW + place % kernelW * dilationW;
    boolean inside = row >= 0 && row < height && column >= 0 && column < width;
    return inside ? row * width + column : -1;
  }

  /** The shape of the outputs; fails, naming {@code op}, if a window does not fit. */
  public Shape result(String op, Shape x) {
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
    Layout places = outputs[1].layout();
    DType dtype = outputs[0].dtype();
    DType placeType = outputs[1].dtype();
    long width = inputs[0].size(3);
    long values = outputs[0].storage().address();
    long firstPlace = outputs[1].storage().address();
    for (long n = 0; n < to.size(0); n++) {
      for (long c = 0; c < to.size(1); c++) {
        for (long y = 0; y < to.size(2); y++) {
          for (long x = 0; x < to.size(3); x++) {
            long best = best(inputs[0], n, c, y, x);
            long target = values + to.position(n, c, y, x) * dtype.bytes();
            copy(inputs[0], n, c, best, target);
            long row = (best / width - (y * strideH - padH)) / dilationH;
            long column = (best % width - (x * strideW - padW)) / dilationW;
            long at = firstPlace + placeType.bytes() * places.position(n, c, y, x);
            placeType.writeLong(at, row * kernelW + column);
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
    Layout input = context.inputSpec(0).layout();
    Op backward = new MaxPool2dBackward(this, input.shape(), input.format());
    return new Tensor[] {Dispatch.run(backward, gradients[0], context.output(1))};
  }
}
