package io.kindling.backend.cpu;

import io.kindling.op.optim.UpdateOp;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;
import java.util.Arrays;

/** Hands the loops of an optimiser's update one block of its inputs after the other. */
public final class UpdateLoop {
  private static final int GRADIENT = 1;

  /**
   * How many elements at a time. With more operands than other loops have, and memory that a
   * training step has long pushed out of the caches, 256 took a tenth less time than 512 and a
   * quarter less than 2,048.
   */
  private static final int SIZE = 256;

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
    for (long done = 0; done < total; done += SIZE) {
      int count = (int) Math.min(SIZE, total - done);
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
