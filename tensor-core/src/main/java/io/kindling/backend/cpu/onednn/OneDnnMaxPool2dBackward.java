package io.kindling.backend.cpu.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WORKSPACE;
import static org.bytedeco.dnnl.global.dnnl.dnnl_pooling_backward_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_pooling_max;

import io.kindling.memory.OffHeap;
import io.kindling.op.pool.MaxPool2d;
import io.kindling.op.pool.MaxPool2dBackward;
import io.kindling.tensor.DType;
import io.kindling.tensor.Layout;
import io.kindling.tensor.MemoryFormat;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;

/**
 * The gradient of max pooling. A gradient in the other of the two orders is copied first: behind
 * {@code flatten} it is contiguous, whatever the network's images are.
 */
final class OneDnnMaxPool2dBackward implements OneDnnKernel<MaxPool2dBackward> {
  /** Windows of up to so many places leave the sign bit of a byte free for {@link #areWithin}. */
  private static final int MOST_PLACES = 127;

  private static final long ONES = 0x0101010101010101L;
  private static final long SIGNS = 0x8080808080808080L;

  @Override
  public Class<MaxPool2dBackward> op() {
    return MaxPool2dBackward.class;
  }

  @Override
  public boolean supports(MaxPool2dBackward op, Tensor[] inputs, Tensor[] outputs) {
    Tensor gradient = inputs[0];
    Tensor places = inputs[1];
    Tensor out = outputs[0];
    MaxPool2d pool = op.pool();
    return Preparation.hasType(gradient.dtype())
        && Operand.isReadable(gradient, gradient.dtype())
        && Operand.isReadable(places, DType.UINT8)
        && Operand.isWritable(out, gradient.dtype(), gradient, places)
        && Operand.commonFormat(places, out) != null
        && fits(pool, out.shape(), gradient.shape(), places.shape())
        && pool.places() <= MOST_PLACES
        && Operand.areModerate(pool.strideH(), pool.strideW(), pool.dilationH(), pool.dilationW())
        && out.size(2) * out.size(3) <= Integer.MAX_VALUE
        && areWithin(places.address(), places.numel(), pool.places());
  }

  /** Whether the shapes are those of one pooling: native code would believe any. */
  private static boolean fits(MaxPool2d pool, Shape x, Shape gradient, Shape places) {
    return gradient.equals(places) && gradient.equals(pool.result("maxPool2dBackward", x));
  }

  /** Whether every byte is below a limit of at most 127; eight at a time. */
  private static boolean areWithin(long address, long count, int limit) {
    long toSign = ONES * (0x80 - limit);
    long above = 0;
    long eights = count / 8;
    for (long i = 0; i < eights; i++) {
      long bytes = OffHeap.getLong(address + 8 * i);
      above |= bytes | ((bytes & ~SIGNS) + toSign);
    }
    for (long i = 8 * eights; i < count; i++) {
      above |= (OffHeap.getByte(address + i) & 0xff) < limit ? 0 : SIGNS;
    }
    return (above & SIGNS) == 0;
  }

  @Override
  public Prepared.Call prepare(
      MaxPool2dBackward op, Tensor[] inputs, Tensor[] outputs, Preparation preparation) {
    MaxPool2d pool = op.pool();
    DType dtype = outputs[0].dtype();
    MemoryFormat format = Operand.commonFormat(inputs[1], outputs[0]);
    Layout from = Layout.of(outputs[0].shape(), format);
    Layout to = Layout.of(inputs[1].shape(), format);
    dnnl_primitive_desc hint = OneDnnMaxPool2d.forward(pool, dtype, from, to, preparation);
    dnnl_memory_desc places = preparation.memory(DType.UINT8, to);
    if (hint == null || !preparation.isChosen(hint, DNNL_ARG_WORKSPACE, places)) {
      return null;
    }
    dnnl_memory_desc x = preparation.memory(dtype, from);
    dnnl_memory_desc y = preparation.memory(dtype, to);
    dnnl_primitive_desc operation =
        preparation.operation(
            "max pooling backward",
            OneDnnMaxPool2d.ELEMENT * from.shape().numel(),
            created ->
                dnnl_pooling_backward_primitive_desc_create(
                    created,
                    OneDnn.engine(),
                    dnnl_pooling_max,
                    x,
                    y,
                    OneDnnMaxPool2d.strides(pool),
                    OneDnnMaxPool2d.kernel(pool),
                    OneDnnMaxPool2d.dilations(pool),
                    OneDnnMaxPool2d.padding(pool),
                    OneDnnMaxPool2d.after(pool, from, to),
                    hint,
                    OneDnn.attributes()));
    if (operation == null) {
      return null;
    }
    dnnl_memory_desc gradient = preparation.memory(dtype, Operand.plain(inputs[0]));
    return new Routed(
            preparation,
            operation,
            Routed.Argument.in(DNNL_ARG_DIFF_DST, gradient),
            Routed.Argument.in(DNNL_ARG_WORKSPACE, places),
            Routed.Argument.out(DNNL_ARG_DIFF_SRC, x))
        .call();
  }
}
