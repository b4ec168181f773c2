package io.kindling.backend.cpu.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WORKSPACE;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_training;
import static org.bytedeco.dnnl.global.dnnl.dnnl_pooling_forward_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_pooling_max;

import io.kindling.backend.Backends;
import io.kindling.memory.Allocator;
import io.kindling.memory.OffHeap;
import io.kindling.op.pool.MaxPool2d;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import io.kindling.tensor.Layout;
import io.kindling.tensor.MemoryFormat;
import io.kindling.tensor.Tensor;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;

/**
 * Max pooling of contiguous and channels-last tensors. oneDNN writes, as a byte, which place of the
 * window was taken; a loop here makes the position in the plane of it. A window of 2 x 2 takes 1.3
 * ns an output in channels-last and 3.0 contiguous, where the Java loop takes 40.
 *
 * <p>oneDNN passes over NaN and makes the smallest number of minus infinity, so an input that has
 * either is left to Java.
 */
final class OneDnnMaxPool2d implements OneDnnKernel<MaxPool2d> {
  /** oneDNN counts places in a byte up to this size of window. */
  private static final int MOST_PLACES = 255;

  @Override
  public Class<MaxPool2d> op() {
    return MaxPool2d.class;
  }

  @Override
  public boolean supports(MaxPool2d op, Tensor[] inputs, Tensor[] outputs) {
    Tensor x = inputs[0];
    Tensor values = outputs[0];
    Tensor positions = outputs[1];
    return Operand.isReadable(x, DType.FLOAT32)
        && Operand.isWritable(values, DType.FLOAT32, x)
        && Operand.isWritable(positions, DType.INT64, x, values)
        && Operand.commonFormat(x, values, positions) != null
        && (long) op.kernelH() * op.kernelW() <= MOST_PLACES
        && Operand.areModerate(op.strideH(), op.strideW(), op.dilationH(), op.dilationW())
        && x.size(2) * x.size(3) <= Integer.MAX_VALUE
        && NotANumber.isFinite(x.address(), x.numel());
  }

  @Override
  public Prepared.Call prepare(
      MaxPool2d op, Tensor[] inputs, Tensor[] outputs, Preparation preparation) {
    MemoryFormat format = Operand.commonFormat(inputs[0], outputs[0], outputs[1]);
    Layout from = Layout.of(inputs[0].shape(), format);
    Layout to = Layout.of(outputs[0].shape(), format);
    dnnl_memory_desc source = preparation.memory(DType.FLOAT32, from);
    dnnl_memory_desc target = preparation.memory(DType.FLOAT32, to);
    dnnl_memory_desc places = preparation.memory(DType.UINT8, to);
    long[] after = {
      after(from.size(2), to.size(2), op.kernelH(), op.strideH(), op.padH(), op.dilationH()),
      after(from.size(3), to.size(3), op.kernelW(), op.strideW(), op.padW(), op.dilationW())
    };
    dnnl_primitive_desc operation =
        preparation.operation(
            "max pooling",
            created ->
                dnnl_pooling_forward_primitive_desc_create(
                    created,
                    OneDnn.engine(),
                    dnnl_forward_training,
                    dnnl_pooling_max,
                    source,
                    target,
                    new long[] {op.strideH(), op.strideW()},
                    new long[] {op.kernelH(), op.kernelW()},
                    new long[] {op.dilationH() - 1, op.dilationW() - 1},
                    new long[] {op.padH(), op.padW()},
                    after,
                    OneDnn.attributes()));
    if (operation == null || !preparation.isChosen(operation, DNNL_ARG_WORKSPACE, places)) {
      return null;
    }
    Primitive primitive =
        preparation.primitive(operation, DNNL_ARG_SRC, DNNL_ARG_DST, DNNL_ARG_WORKSPACE);
    int[] shifts = shifts(op, (int) from.size(3));
    return (in, out) -> run(op, format, primitive, shifts, in[0], out[0], out[1]);
  }

  /** The padding after the image that makes the output as large as the op says. */
  private static long after(
      long size, long count, long kernel, long stride, long pad, long dilation) {
    return Math.max(0, (count - 1) * stride + dilation * (kernel - 1) + 1 - pad - size);
  }

  /** For each place of a window how far it is from the window's first in the plane. */
  private static int[] shifts(MaxPool2d op, int width) {
    int[] shifts = new int[op.kernelH() * op.kernelW()];
    for (int place = 0; place < shifts.length; place++) {
      int row = place / op.kernelW() * op.dilationH();
      shifts[place] = row * width + place % op.kernelW() * op.dilationW();
    }
    return shifts;
  }

  private static void run(
      MaxPool2d op,
      MemoryFormat format,
      Primitive primitive,
      int[] shifts,
      Tensor x,
      Tensor values,
      Tensor positions) {
    Allocator allocator = Backends.allocator(Device.CPU);
    long bytes = values.numel();
    long places = allocator.allocate(bytes);
    try {
      primitive.execute(x.address(), values.address(), places);
      boolean last = format == MemoryFormat.CHANNELS_LAST;
      int channels = (int) x.size(1);
      int width = (int) x.size(3);
      int rows = (int) values.size(2);
      int columns = (int) values.size(3);
      long planes = last ? values.size(0) : values.size(0) * channels;
      int together = last ? channels : 1;
      long place = places;
      long position = positions.address();
      for (long plane = 0; plane < planes; plane++) {
        for (int row = 0; row < rows; row++) {
          int first = (row * op.strideH() - op.padH()) * width - op.padW();
          for (int column = 0; column < columns; column++, first += op.strideW()) {
            for (int i = 0; i < together; i++, place++, position += 8) {
              OffHeap.putLong(position, first + shifts[OffHeap.getByte(place) & 0xff]);
            }
          }
        }
      }
    } finally {
      allocator.free(places, bytes);
    }
  }
}
