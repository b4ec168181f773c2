package io.kindling.backend.cpu.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WORKSPACE;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_training;
import static org.bytedeco.dnnl.global.dnnl.dnnl_pooling_forward_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_pooling_max;

import io.kindling.op.pool.MaxPool2d;
import io.kindling.tensor.DType;
import io.kindling.tensor.Layout;
import io.kindling.tensor.MemoryFormat;
import io.kindling.tensor.Tensor;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;

/**
 * Max pooling of contiguous and channels-last tensors; oneDNN's workspace is the op's places.
 *
 * <p>oneDNN passes over NaN and makes the smallest number of minus infinity, so an input that has
 * either is left to Java.
 */
final class OneDnnMaxPool2d implements OneDnnKernel<MaxPool2d> {
  /** oneDNN counts places in a byte up to this size of window. */
  private static final int MOST_PLACES = 255;

  /** Nanoseconds of one thread, forward or backward. */
  static final double ELEMENT = 0.5;

  @Override
  public Class<MaxPool2d> op() {
    return MaxPool2d.class;
  }

  @Override
  public boolean supports(MaxPool2d op, Tensor[] inputs, Tensor[] outputs) {
    Tensor x = inputs[0];
    Tensor values = outputs[0];
    Tensor places = outputs[1];
    return Preparation.hasType(x.dtype())
        && Operand.isReadable(x, x.dtype())
        && Operand.isWritable(values, x.dtype(), x)
        && Operand.isWritable(places, DType.UINT8, x, values)
        && Operand.commonFormat(x, values, places) != null
        && op.places() <= MOST_PLACES
        && Operand.areModerate(op.strideH(), op.strideW(), op.dilationH(), op.dilationW())
        && x.size(2) * x.size(3) <= Integer.MAX_VALUE;
  }

  @Override
  public Prepared.Call prepare(
      MaxPool2d op, Tensor[] inputs, Tensor[] outputs, Preparation preparation) {
    MemoryFormat format = Operand.commonFormat(inputs[0], outputs[0], outputs[1]);
    Layout from = Layout.of(inputs[0].shape(), format);
    Layout to = Layout.of(outputs[0].shape(), format);
    dnnl_primitive_desc operation = forward(op, inputs[0].dtype(), from, to, preparation);
    dnnl_memory_desc places = preparation.memory(DType.UINT8, to);
    if (operation == null || !preparation.isChosen(operation, DNNL_ARG_WORKSPACE, places)) {
      return null;
    }
    Primitive primitive =
        preparation.primitive(operation, DNNL_ARG_SRC, DNNL_ARG_DST, DNNL_ARG_WORKSPACE);
    NotANumber odd = NotANumber.in(inputs[0].dtype(), inputs[0].numel(), preparation);
    return (in, out) -> {
      if (odd.isFinite(in[0].address())) {
        primitive.execute(in[0].address(), out[0].address(), out[1].address());
      } else {
        op.reference(in, out);
      }
    };
  }

  /** The pooling itself, which its gradient needs as a hint. */
  static dnnl_primitive_desc forward(
      MaxPool2d op, DType dtype, Layout from, Layout to, Preparation preparation) {
    dnnl_memory_desc source = preparation.memory(dtype, from);
    dnnl_memory_desc target = preparation.memory(dtype, to);
    return preparation.operation(
        "max pooling",
        ELEMENT * from.shape().numel(),
        created ->
            dnnl_pooling_forward_primitive_desc_create(
                created,
                OneDnn.engine(),
                dnnl_forward_training,
                dnnl_pooling_max,
                source,
                target,
                strides(op),
                kernel(op),
                dilations(op),
                padding(op),
                after(op, from, to),
                OneDnn.attributes()));
  }

  static long[] strides(MaxPool2d op) {
    return new long[] {op.strideH(), op.strideW()};
  }

  static long[] kernel(MaxPool2d op) {
    return new long[] {op.kernelH(), op.kernelW()};
  }

  /** oneDNN counts the elements left out between two. */
  static long[] dilations(MaxPool2d op) {
    return new long[] {op.dilationH() - 1, op.dilationW() - 1};
  }

  static long[] padding(MaxPool2d op) {
    return new long[] {op.padH(), op.padW()};
  }

  /** The padding after the image that makes the output as large as the op says. */
  static long[] after(MaxPool2d op, Layout from, Layout to) {
    return new long[] {
      after(from.size(2), to.size(2), op.kernelH(), op.strideH(), op.padH(), op.dilationH()),
      after(from.size(3), to.size(3), op.kernelW(), op.strideW(), op.padW(), op.dilationW())
    };
  }

  private static long after(
      long size, long count, long kernel, long stride, long pad, long dilation) {
    return Math.max(0, (count - 1) * stride + dilation * (kernel - 1) + 1 - pad - size);
  }
}
