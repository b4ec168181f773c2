package io.kindling.backend.cpu;

import io.kindling.op.optim.UpdateOp;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;
import java.util.Arrays;

/** Hands the loops of an optimiser's update one block of its inputs after the other. */
public final class UpdateLoop {
  private static final int GRADIENT = 1;

  private UpdateLoop() {}

  /**
   * Changes the parameter and the state.
   *
   * @param inputs of one type, dense and in the same order in memory
   */
  public static void run(UpdateOp op, Tensor[] inputs) {
    DType dtype = inputs[0].dtype();
    boolean single = dtype == DType.FLOAT32;
    Operands operands = Operands.ofThread();
    float[][] floats = single ? Arrays.copyOf(operands.floats(), inputs.length) : null;
    double[][] doubles = single ? null : Arrays.copyOf(operands.doubles(), inputs.length);
    long total = inputs[0].numel();
    int size = Blocks.size(total);
    for (long done = 0; done < total; done += size) {
      int count = (int) Math.min(size, total - done);
      long from = done * dtype.bytes();
      for (int k = 0; k < inputs.length; k++) {
        operands.load(dtype, k, dtype, inputs[k].address() + from, 1, 0, count);
      }
      int rounds = Math.max(count, Operands.FEWEST);
      if (single) {
        op.floats(floats, rounds);
      } else {
        op.doubles(doubles, rounds);
      }
      for (int k = 0; k < inputs.length; k++) {
        if (k != GRADIENT) {
          operands.store(dtype, k, 0, dtype, inputs[k].address() + from, 1, count);
        }
      }
    }
  }
}
