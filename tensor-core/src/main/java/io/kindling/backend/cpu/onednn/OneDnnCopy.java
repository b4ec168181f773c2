package io.kindling.backend.cpu.onednn;

import io.kindling.op.elementwise.Copy;
import io.kindling.tensor.Tensor;
import org.bytedeco.dnnl.dnnl_memory_desc;

/**
 * A copy of a dense tensor to another dense order (an image from channels-last to contiguous and
 * back, a transposed matrix), and from float32 to bfloat16 and back: 0.05 ns an element where Java
 * takes 0.2, but a call costs as much as some thousand elements there.
 *
 * <p>The processor's conversion to bfloat16 makes 0 of numbers below 1.2e-38, the subnormal ones,
 * as its products of bfloat16 do.
 */
final class OneDnnCopy implements OneDnnKernel<Copy> {
  /** Below this many elements Java is as fast. */
  static final int FEWEST = 128;

  /** The same if the type changes. */
  static final int FEWEST_TO_CONVERT = 1 << 13;

  @Override
  public Class<Copy> op() {
    return Copy.class;
  }

  @Override
  public boolean supports(Copy op, Tensor[] inputs, Tensor[] outputs) {
    Tensor x = inputs[0];
    Tensor y = outputs[0];
    boolean converts = x.dtype() != y.dtype();
    return y.numel() >= (converts ? FEWEST_TO_CONVERT : FEWEST)
        && x.shape().equals(y.shape())
        && Preparation.hasType(x.dtype())
        && Preparation.hasType(y.dtype())
        && Operand.isReadable(x, x.dtype())
        && Operand.isWritable(y, y.dtype(), x)
        && x.layout().isDense()
        && (converts || !x.layout().sameOrder(y.layout()));
  }

  @Override
  public Prepared.Call prepare(
      Copy op, Tensor[] inputs, Tensor[] outputs, Preparation preparation) {
    boolean line = inputs[0].layout().sameOrder(outputs[0].layout());
    Primitive copy =
        preparation.reorder(
            memory(inputs[0], line, preparation), memory(outputs[0], line, preparation));
    return copy == null ? null : (in, out) -> copy.execute(in[0].address(), out[0].address());
  }

  private static dnnl_memory_desc memory(Tensor tensor, boolean line, Preparation preparation) {
    return line
        ? preparation.memory(tensor.dtype(), new long[] {tensor.numel()}, new long[] {1})
        : preparation.memory(tensor.dtype(), tensor.layout());
  }
}
