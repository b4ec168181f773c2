package io.kindling.backend.cpu.onednn;

import io.kindling.backend.cpu.ElementwiseLoop;
import io.kindling.op.elementwise.ReluBackward;
import io.kindling.op.matmul.LinearReluBackward;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;

/**
 * Relu's gradient and the sum of its rows. Of bfloat16 each part of the rows is added up just after
 * it was written, while the caches have it: 4096x512 from memory take 690 us, in two ways through
 * it 750. Of float32 the sum reads as fast as memory gives.
 */
final class OneDnnLinearReluBackward implements OneDnnKernel<LinearReluBackward> {
  private static final OneDnnReluBackward MASK = new OneDnnReluBackward();

  @Override
  public Class<LinearReluBackward> op() {
    return LinearReluBackward.class;
  }

  @Override
  public boolean supports(LinearReluBackward op, Tensor[] inputs, Tensor[] outputs) {
    Tensor masked = outputs[0];
    return masked.numel() >= OneDnnSum.FEWEST
        && masked.size(-1) > 1
        && masked.size(-1) <= RowSums.MOST_COLUMNS
        && masked.isContiguous()
        && Operand.areLines(masked, inputs)
        && Operand.isWritable(outputs[1], masked.dtype(), inputs);
  }

  @Override
  public Prepared.Call prepare(
      LinearReluBackward op, Tensor[] inputs, Tensor[] outputs, Preparation preparation) {
    DType dtype = outputs[0].dtype();
    int columns = (int) outputs[0].size(-1);
    RowSums sums = RowSums.of(dtype, outputs[0].numel() / columns, columns, preparation);
    if (sums == null) {
      return null;
    }
    if (dtype == DType.BFLOAT16) {
      return (in, out) -> RowSums.store(sums.run(out[0].address(), parts(in, out[0])), out[1]);
    }
    Prepared.Call mask =
        MASK.prepare(new ReluBackward(), inputs, new Tensor[] {outputs[0]}, preparation);
    return mask == null
        ? null
        : (in, out) -> {
          mask.run(in, out);
          RowSums.store(sums.run(out[0].address()), out[1]);
        };
  }

  private static RowSums.Maker parts(Tensor[] in, Tensor masked) {
    ReluBackward op = new ReluBackward();
    return (from, bytes) ->
        ElementwiseLoop.runPacked(
            op, masked.address() + from, bytes, in[0].address() + from, in[1].address() + from);
  }
}
