package io.kindling.backend.cpu.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_convolution_direct;
import static org.bytedeco.dnnl.global.dnnl.dnnl_convolution_forward_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_training;

import io.kindling.op.conv.Conv2d;
import io.kindling.tensor.DType;
import io.kindling.tensor.Layout;
import io.kindling.tensor.MemoryFormat;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;

/**
 * What the convolution and its two gradients share: one set of shapes, {@code x (N, C, H, W)},
 * {@code weight (O, C/groups, kH, kW)} and {@code y (N, O, H', W')}, and the descriptors of them.
 *
 * <p>Channels-last images are used as they lie. For others oneDNN chooses an order and the images
 * are copied to it and from it: the three passes of layers 3-32-32-64-64 on 64 images of 32 x 32
 * and 16 x 16 took 41 ms in channels-last, 49 ms in oneDNN's order, 52 ms by way of channels-last
 * and 54 ms as contiguous images lie (one thread of a Zen 5 core, copies included).
 *
 * @param channelsLast whether images are calculated with in channels-last order
 */
record Convolution(Conv2d op, Shape x, Shape weight, Shape y, DType dtype, boolean channelsLast) {
  Convolution(Conv2d op, Tensor x, Tensor weight, Tensor y, Tensor order) {
    this(
        op,
        x.shape(),
        weight.shape(),
        y.shape(),
        x.dtype(),
        order.layout().format() == MemoryFormat.CHANNELS_LAST);
  }

  /** Whether the shapes are those of one convolution: native code would believe any. */
  static boolean fits(Conv2d op, Shape x, Shape weight, Shape y) {
    return x.rank() == 4
        && weight.rank() == 4
        && y.rank() == 4
        && x.size(0) == y.size(0)
        && x.size(1) == weight.size(1) * op.groups()
        && y.size(1) == weight.size(0)
        && weight.size(0) % op.groups() == 0
        && Operand.areModerate(op.strideH(), op.strideW(), op.padH(), op.padW())
        && Operand.areModerate(op.dilationH(), op.dilationW())
        && y.size(2) == size(x.size(2), weight.size(2), op.padH(), op.strideH(), op.dilationH())
        && y.size(3) == size(x.size(3), weight.size(3), op.padW(), op.strideW(), op.dilationW());
  }

  private static long size(long size, long kernel, long pad, long stride, long dilation) {
    return Math.floorDiv(size + 2 * pad - dilation * (kernel - 1) - 1, stride) + 1;
  }

  /** Whether types and strides are fit; inputs in another order than the two formats are copied. */
  static boolean isFit(Tensor[] inputs, Tensor output) {
    DType dtype = output.dtype();
    if (!Preparation.hasType(dtype)
        || !output.layout().isContiguous(output.layout().format())
        || !Operand.isWritable(output, dtype, inputs)) {
      return false;
    }
    for (Tensor input : inputs) {
      if (!Operand.isReadable(input, dtype)) {
        return false;
      }
    }
    return true;
  }

  /**
   * How the gradient of the weight is calculated: of bfloat16 oneDNN has kernels for any number of
   * outputs in channels-last only. In other orders 6 take 1.9 ms where 0.2 do (LeNet's first layer,
   * 64 images); 16 at a time do not.
   */
  Convolution forWeightGradient() {
    boolean turned = dtype == DType.BFLOAT16 && y.size(1) % 16 != 0;
    return turned ? new Convolution(op, x, weight, y, dtype, true) : this;
  }

  dnnl_memory_desc xAsUsed(Preparation preparation) {
    return image(x, preparation);
  }

  dnnl_memory_desc yAsUsed(Preparation preparation) {
    return image(y, preparation);
  }

  /** Weights are always in oneDNN's own order. */
  dnnl_memory_desc weightAsUsed(Preparation preparation) {
    return preparation.anyOrder(dtype, weightSizes());
  }

  dnnl_memory_desc bias(Preparation preparation) {
    return preparation.memory(dtype, Layout.contiguous(Shape.of(weight.size(0))));
  }

  private dnnl_memory_desc image(Shape shape, Preparation preparation) {
    return channelsLast
        ? preparation.memory(dtype, Layout.of(shape, MemoryFormat.CHANNELS_LAST))
        : preparation.anyOrder(dtype, shape.toArray());
  }

  /** An image as the tensor has it. */
  dnnl_memory_desc image(Tensor tensor, Preparation preparation) {
    return preparation.memory(dtype, Operand.plain(tensor));
  }

  /** The weight as the tensor has it: {@code (groups, O/groups, C/groups, kH, kW)} with groups. */
  dnnl_memory_desc weight(Tensor tensor, Preparation preparation) {
    Layout layout = Operand.plain(tensor);
    long[] strides = layout.strides();
    if (op.groups() > 1) {
      long group = layout.stride(0) * (weight.size(0) / op.groups());
      strides =
          new long[] {
            group, layout.stride(0), layout.stride(1), layout.stride(2), layout.stride(3)
          };
    }
    return preparation.memory(dtype, weightSizes(), strides);
  }

  private long[] weightSizes() {
    if (op.groups() == 1) {
      return weight.toArray();
    }
    return new long[] {
      op.groups(), weight.size(0) / op.groups(), weight.size(1), weight.size(2), weight.size(3)
    };
  }

  long[] strides() {
    return new long[] {op.strideH(), op.strideW()};
  }

  /** oneDNN counts the elements left out between two. */
  long[] dilations() {
    return new long[] {op.dilationH() - 1, op.dilationW() - 1};
  }

  long[] padding() {
    return new long[] {op.padH(), op.padW()};
  }

  /** The convolution itself, with a bias or without; gradients need it as a hint. */
  dnnl_primitive_desc forward(int kind, dnnl_memory_desc bias, Preparation preparation) {
    dnnl_memory_desc source = xAsUsed(preparation);
    dnnl_memory_desc weights = weightAsUsed(preparation);
    dnnl_memory_desc target = yAsUsed(preparation);
    return preparation.operation(
        "convolution",
        nanoseconds(),
        created ->
            dnnl_convolution_forward_primitive_desc_create(
                created,
                OneDnn.engine(),
                kind,
                dnnl_convolution_direct,
                source,
                weights,
                bias,
                target,
                strides(),
                dilations(),
                padding(),
                padding(),
                OneDnn.attributes()));
  }

  /**
   * About how long one thread takes. Kernels calculate 16 outputs at a time, whether or not there
   * are so many.
   */
  double nanoseconds() {
    double outputs = y.numel() / (double) y.size(1) * ((y.size(1) + 15) / 16 * 16);
    return Team.multiplications(outputs * weight.size(1) * weight.size(2) * weight.size(3));
  }

  dnnl_primitive_desc hint(Preparation preparation) {
    return forward(dnnl_forward_training, null, preparation);
  }
}
