package io.kindling.backend.cpu.onednn;

import io.kindling.backend.cpu.ElementwiseLoop;
import io.kindling.op.elementwise.ReluBackward;
import io.kindling.op.matmul.LinearReluBackward;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;

/**
 * Relu's gradient and the sum of its rows. Of bfloat16 each part of the rows is added up just after
 * it was written, while the caches have it: 4096x512 from memory take 550 us where they are written
 * over the gradient and 585 elsewhere; with Java's mask, which waits for memory between its blocks,
 * 750. Of float32 the sum reads as fast as memory gives.
 *
 * <p>The processor's conversion to bfloat16 makes 0 of gradients below 1.2e-38, the subnormal ones,
 * as its products of bfloat16 do.
 */
final class OneDnnLinearReluBackward implements OneDnnKernel<LinearReluBackward> {
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
      ReluMask mask =
          sums.part() == 0 ? null : ReluMask.of(DType.BFLOAT16, sums.part(), preparation);
      return (in, out) ->
          RowSums.store(sums.run(out[0].address(), parts(mask, in, out[0])), out[1]);
    }
    ReluMask mask = ReluMask.of(DType.FLOAT32, outputs[0].numel(), preparation);
    return mask == null
        ? null
        : (in, out) -> {
          mask.run(in[0].address(), in[1].address(), out[0].address());
          RowSums.store(sums.run(out[0].address()), out[1]);
        };
  }

  /** What is less than a part stays with Java, and all where oneDNN has no mask. */
  private static RowSums.Maker parts(ReluMask mask, Tensor[] in, Tensor masked) {
    ReluBackward op = new ReluBackward();
    return (from, bytes) -> {
      long g = in[0].address() + from;
      long y = in[1].address() + from;
      long target = masked.address() + from;
      if (mask != null && bytes == mask.count() * DType.BFLOAT16.bytes()) {
        mask.run(g, y, target);
      } else {
        ElementwiseLoop.runPacked(op, target, bytes, g, y);
      }
    };
  }
}
