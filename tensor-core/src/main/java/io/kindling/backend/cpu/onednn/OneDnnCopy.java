package io.kindling.backend.cpu.onednn;

import io.kindling.op.elementwise.Copy;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;
import org.bytedeco.dnnl.dnnl_memory_desc;

/**
 * A copy of a dense tensor to another dense order: an image from channels-last to contiguous and
 * back, a transposed matrix.
 */
final class OneDnnCopy implements OneDnnKernel<Copy> {
  /** Below this many elements Java is as fast. */
  static final int FEWEST = 128;

  @Override
  public Class<Copy> op() {
    return Copy.class;
  }

  @Override
  public boolean supports(Copy op, Tensor[] inputs, Tensor[] outputs) {
    Tensor x = inputs[0];
    Tensor y = outputs[0];
    return y.numel() >= FEWEST
        && x.shape().equals(y.shape())
        && Operand.isReadable(x, DType.FLOAT32)
        && Operand.isWritable(y, DType.FLOAT32, x)
        && x.layout().isDense()
        && !x.layout().sameOrder(y.layout());
  }

  @Override
  public Prepared.Call prepare(
      Copy op, Tensor[] inputs, Tensor[] outputs, Preparation preparation) {
    Primitive copy =
        preparation.reorder(memory(inputs[0], preparation), memory(outputs[0], preparation));
    return copy == null ? null : (in, out) -> copy.execute(in[0].address(), out[0].address());
  }

  private static dnnl_memory_desc memory(Tensor tensor, Preparation preparation) {
    return preparation.memory(DType.FLOAT32, tensor.layout());
  }
}
