package io.kindling.backend.cpu.onednn;

import io.kindling.op.elementwise.Copy;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import io.kindling.tensor.Layout;
import io.kindling.tensor.MemoryFormat;
import io.kindling.tensor.Tensor;

/** The checks that every kernel makes of its tensors, and the copies of those that need one. */
final class Operand {
  /** oneDNN's own limit. */
  private static final int MOST_DIMENSIONS = 12;

  private static final int LARGEST_ATTRIBUTE = 1 << 12;

  private Operand() {}

  /**
   * Whether a tensor may be an input: its type is known, it has elements, and no size is extreme.
   */
  static boolean isReadable(Tensor tensor, DType dtype) {
    Layout layout = tensor.layout();
    if (tensor.dtype() != dtype || layout.rank() > MOST_DIMENSIONS) {
      return false;
    }
    for (int dim = 0; dim < layout.rank(); dim++) {
      long size = layout.size(dim);
      // Some of oneDNN's kernels count with 32 bits.
      if (size < 1 || size > Integer.MAX_VALUE || layout.stride(dim) < 0) {
        return false;
      }
    }
    return true;
  }

  /** As {@link #isReadable}, and without overlap in itself or with an input. */
  static boolean isWritable(Tensor output, DType dtype, Tensor... inputs) {
    if (!isReadable(output, dtype) || !output.layout().isDense()) {
      return false;
    }
    for (Tensor input : inputs) {
      if (input.storage() == output.storage()) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether tensors of one type are one dense line each, in the same order: element i of the output
   * comes from element i of each input. An input may be the output, but not overlap it otherwise.
   */
  static boolean areLines(Tensor output, Tensor... inputs) {
    Layout layout = output.layout();
    DType dtype = output.dtype();
    if (!Preparation.hasType(dtype) || !isReadable(output, dtype) || !layout.isDense()) {
      return false;
    }
    for (Tensor input : inputs) {
      if (!isReadable(input, dtype)
          || !input.layout().sameOrder(layout)
          || input.storage() == output.storage() && input.address() != output.address()) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether oneDNN may be given these strides, dilations or padding. With a dilation near 2^31 and
   * some padding it wrote beyond the output of a convolution and ended the JVM, even where the
   * kernel has one element and is not dilated.
   */
  static boolean areModerate(int... attributes) {
    for (int attribute : attributes) {
      if (attribute > LARGEST_ATTRIBUTE) {
        return false;
      }
    }
    return true;
  }

  /** The format that all have, or null; images of one pixel or one channel have both. */
  static MemoryFormat commonFormat(Tensor... images) {
    for (MemoryFormat format : MemoryFormat.values()) {
      boolean all = true;
      for (Tensor image : images) {
        all &= image.layout().isContiguous(format);
      }
      if (all) {
        return format;
      }
    }
    return null;
  }

  /** The layout in which an image is read: its own in one of the two formats, else a copy's. */
  static Layout plain(Tensor image) {
    return Layout.of(image.shape(), image.layout().format());
  }

  /** A dense copy in one of the two formats. The caller closes it. */
  static Tensor copy(Tensor tensor, MemoryFormat format) {
    Copy copy = new Copy(tensor.dtype(), format);
    Tensor[] inputs = {tensor};
    Tensor dense = Tensor.allocate(copy.infer(inputs)[0], Device.CPU);
    copy.reference(inputs, new Tensor[] {dense});
    return dense;
  }
}
